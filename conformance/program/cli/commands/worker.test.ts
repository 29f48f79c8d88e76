import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { COUNTER, claim, createFolder, ending, module, quiesce, start } from "../shared/program.fixture.js";

const folder = createFolder();
afterAll(() => folder.remove());
beforeAll(() =>
  folder.write({
    "Counter.tla": module("Counter", COUNTER),
    "Counter.cfg": claim("Verdict: holds\nStates: 4"),
  }),
);

describe("worker", () => {
  it("joins the server that check --workers join runs, and ends with it", async () => {
    const server = start(["check", folder.path, "--workers", "join"]);
    const ended = ending(server);
    const address = await new Promise<string>((resolve, reject) => {
      let said = "";
      server.stderr?.on("data", (chunk: string) => {
        said += chunk;
        const found = /join it with: {2}quiesce worker (\S+)\n/.exec(said)?.[1];
        if (found !== undefined) resolve(found);
      });
      void ended.then(({ stderr }) => reject(new Error(stderr)));
    });
    const worker = await quiesce(["worker", address, "--threads", "1"]);
    expect(worker).toMatchObject({ code: 0, stdout: "done: 3 states computed here\n" });
    expect(worker.stderr).toContain(`joined ${address}`);
    expect(await ended).toMatchObject({ code: 0, stdout: expect.stringMatching(/1 of 1 as declared/) });
  });

  it("says when there is no server", async () => {
    const { code, stderr } = await quiesce(["worker", "127.0.0.1:1"]);
    expect(code).toBe(3);
    expect(stderr).toMatch(/no server answers at 127\.0\.0\.1:1/);
  });
});

import { beforeAll, describe, expect, it } from "vitest";
import { buildController } from "../../../../native/js/tracing/controller.js";
import {
  ALL_ON,
  buildFake,
  Running,
  remove,
  told,
  traceFolder,
} from "../../../../native/js/tracing/trace.fixture.js";
import { complaintsIn, type Ended, ending, start } from "../shared/program.fixture.js";

const [directory, out] = [traceFolder(), traceFolder()];
/** More lines than a pipe has room for. */
const EVENTS = 4000;
const record = async (): Promise<string[]> => [
  await buildController(),
  "record",
  directory,
  out,
  "--duration",
  "0",
];

async function recordMore(): Promise<void> {
  const program = new Running([await buildFake(), directory, "events", String(EVENTS), "ring", "4194304"]);
  expect(await program.ended()).toBe(0);
  expect((await told(await record())).stdout).toContain(`"recorded":{"events":${EVENTS},`);
}

beforeAll(async () => {
  await told([await buildController(), "apply", directory], ALL_ON);
  await recordMore();
  return () => remove(directory, out);
});

/** A view whose reader goes away after the first lines. */
async function head(words: readonly string[]): Promise<Ended> {
  const child = start(["trace", "view", out, ...words]);
  const ended = ending(child);
  child.stdout?.once("data", () => child.stdout?.destroy());
  return ended;
}

describe("a view", () => {
  it.each([[[]], [["--json-lines"]], [["--follow"]], [["--follow", "--json-lines"]]])(
    "that nobody reads any more ends quietly, and with 0: %j",
    async (words) => {
      const { code, signal, stderr } = await head(words);
      expect({ code, signal, complaints: complaintsIn(stderr) }).toEqual({
        code: 0,
        signal: null,
        complaints: "",
      });
    },
  );

  it("goes on with what another recorder adds, for a reader that is slow, until Ctrl-C", async () => {
    const child = start(["trace", "view", out, "--follow"]);
    let text = "";
    const readUpTo = async (lines: number): Promise<void> => {
      for await (const chunk of child.stdout?.iterator({ destroyOnReturn: false }) ?? []) {
        text += String(chunk);
        if (text.split("\n").length > lines) return;
      }
    };
    await readUpTo(1);
    // It waits here, with a pipe that is full.
    await recordMore();
    await readUpTo(2 * EVENTS);
    const ended = new Promise((resolve) => child.on("close", resolve));
    child.stdout?.resume();
    child.kill("SIGINT");
    expect(await ended).toBe(130);
    const numbers = [...text.matchAll(/ n = (\d+),/g)].map(([, n]) => Number(n));
    expect(numbers).toEqual([...Array(2 * EVENTS).keys()].map((index) => index % EVENTS));
  });
});

import { execFileSync } from "node:child_process";
import { lstatSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readRecordings } from "../../../record/read.js";
import { createFolder, ending, quiesce, start } from "../shared/program.fixture.js";
import { validated } from "../shared/schema.fixture.js";

const folder = createFolder();
afterAll(() => folder.remove());

const sizeOf = (ending: RegExp): number =>
  readdirSync(folder.path)
    .filter((name) => ending.test(name))
    .reduce((sum, name) => sum + statSync(join(folder.path, name)).size, 0);

describe("record", () => {
  it("leaves a pipe where it is, and writes where a link leads to", async () => {
    const [pipe, link] = [join(folder.path, "pipe.qsrec"), join(folder.path, "link.qsrec")];
    execFileSync("mkfifo", [pipe]);
    const refused = await quiesce(["record", "--out", pipe]);
    expect({ code: refused.code, stderr: refused.stderr }).toEqual({
      code: 2,
      stderr: expect.stringMatching(
        /^--out {2}the recordings can't be written to .*: it is a device or a pipe\n/,
      ),
    });
    expect(lstatSync(pipe).isFIFO()).toBe(true);
    writeFileSync(join(folder.path, "real.qsrec"), "");
    symlinkSync("real.qsrec", link);
    const { code } = await quiesce(["record", "--out", link, "--recordings", "1"]);
    expect({ code, link: lstatSync(link).isSymbolicLink() }).toEqual({ code: 0, link: true });
    expect(statSync(link).size).toBeGreaterThan(0);
    for (const name of readdirSync(folder.path)) rmSync(join(folder.path, name));
  });

  it("interrupted, keeps what it has recorded by then, whole, and says so", async () => {
    const out = join(folder.path, "run.qsrec");
    const child = start(["record", "--out", out, "--seconds", "3600", "--recordings", "1000000", "--json"]);
    const ended = ending(child);
    await expect.poll(() => sizeOf(/\.part$/), { timeout: 300_000, interval: 50 }).toBeGreaterThan(0);
    child.kill("SIGINT");
    const { code, stdout } = await ended;
    const shown = validated<{ readonly interrupted: true; readonly recordings: number }>("record", stdout);
    expect({ code, interrupted: shown.interrupted }).toEqual({ code: 130, interrupted: true });
    let count = 0;
    for await (const _ of readRecordings(out)) count++;
    expect(count).toBe(shown.recordings);
    expect(readdirSync(folder.path)).toEqual(["run.qsrec"]);
  });
});

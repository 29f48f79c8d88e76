import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readRecordings } from "../../../record/read.js";
import { createFolder, ending, start } from "../shared/program.fixture.js";
import { validated } from "../shared/schema.fixture.js";

const folder = createFolder();
afterAll(() => folder.remove());

const sizeOf = (ending: RegExp): number =>
  readdirSync(folder.path)
    .filter((name) => ending.test(name))
    .reduce((sum, name) => sum + statSync(join(folder.path, name)).size, 0);

describe("record", () => {
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

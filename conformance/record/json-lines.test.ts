import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readRecordings } from "./read.js";

const folder = mkdtempSync(join(tmpdir(), "quiesce-json-lines-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("a word of a recording that is a list", () => {
  it("is refused, with how to see less of it", async () => {
    const file = join(folder, "run.jsonl");
    const header = { format: "quiesce-recording", version: 1, lanes: ["client"] };
    const event = { lane: "client", step: "Commit", start: 2, words: { log: [1] } };
    writeFileSync(file, `${JSON.stringify(header)}\n${JSON.stringify(event)}\n`);
    const read = async (): Promise<void> => {
      for await (const one of readRecordings(file)) expect.fail(`it was read: ${JSON.stringify(one)}`);
    };
    await expect(read()).rejects.toMatchObject({ hint: expect.stringContaining("Len(log)") });
  });
});

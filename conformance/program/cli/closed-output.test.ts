import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createFolder, ending, module, start } from "./shared/program.fixture.js";

const folder = createFolder();
const temporary = join(folder.path, "tmp");
afterAll(() => folder.remove());

const DRIVER = `export class Driver {
  x = 0;
  begin() { this.x = 0; }
  step() { this.x = (this.x + 1) % 4; return "done"; }
  look() { return { x: this.x }; }
}
`;

beforeAll(() => {
  mkdirSync(temporary);
  folder.write({
    "Ring.tla": module(
      "Ring",
      "VARIABLE x\nStart == x = 0\nStep == x' = (x + 1) % 4\nSpec == Start /\\ [][Step]_x",
    ),
    "Ring.cfg": "SPECIFICATION Spec\n",
    "Ring.contract.json": JSON.stringify({
      lanes: [{ name: "hand", set: "{1}" }],
      steps: { Step: {} },
      words: [{ name: "x", value: "x" }],
    }),
    "driver.mjs": DRIVER,
    "refused.litmus": "C refused\n",
  });
});

const conform = ["conform", "--claim", "Ring.cfg", "--driver", "driver.mjs", "--no-save"];
const COMMANDS: readonly (readonly string[])[] = [
  conform,
  ["paths", "Ring.cfg"],
  ["litmus", "refused.litmus"],
  ["kernel", "--no-ordering"],
  ["matrix", "--schema"],
  ["speed", "--help"],
  ["validate", "nowhere.qsrec", "--json"],
];

describe("a command whose output nobody reads", () => {
  it.each(COMMANDS)("%s %s: ends in good order, and leaves nothing behind", async (...args) => {
    const run = async (close: (child: ReturnType<typeof start>) => void) => {
      const child = start(args, { cwd: folder.path, env: { TMPDIR: temporary } });
      const ended = ending(child);
      close(child);
      const { code, signal, stderr } = await ended;
      expect({ signal, left: readdirSync(temporary) }).toEqual({ signal: null, left: [] });
      expect(stderr).not.toMatch(/EPIPE|^\s+at |unexpected error/m);
      expect([0, 1, 2, 130]).toContain(code);
    };
    // As `| true`, and as `| head -1`.
    await run((child) => child.stdout?.destroy());
    await run((child) => child.stdout?.once("data", () => child.stdout?.destroy()));
  });
});

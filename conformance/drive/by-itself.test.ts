import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { withScratch } from "../../spec/tlc/base/scratch.js";
import type { Plan } from "../contract/plan.js";
import { drive } from "./drive.js";
import { LAMP } from "./lamp.fixture.js";
import { hosted } from "./open.js";

/** A lamp that goes out by itself at any time: nobody can switch it on while it is on, or off while it is off. */
const FADING: Plan = {
  ...LAMP,
  steps: [...LAMP.steps, { name: "Fade", with: {}, hidden: "later" }],
  edges: [...LAMP.edges, [1, 0, 3, 0]],
  paths: [[0, 1, 0, 2, 0]],
};

/** Such a lamp, with what it does when it is asked for a step: `wanted` says whether it is to be on then. */
const fading = (asked: string) => ({
  command: process.execPath,
  args: [
    "-e",
    `let on = false, refused = false;
     require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
       const { do: what, step } = JSON.parse(line);
       const wanted = step === "SwitchOn";
       refused = false;
       if (what === "begin") on = false;
       if (what === "step") { ${asked} }
       console.log(JSON.stringify(what === "end" ? {} : { words: { on }, ...(refused && { refused }) }));
     });`,
  ],
});
const SWITCH = "refused = on === wanted; on = wanted;";

describe("what may happen at any time", () => {
  it("may happen when something is asked for, before that is done", async () => {
    const lazy = fading(`if (wanted) on = false; ${SWITCH}`);
    const result = await drive(FADING, lazy, { processes: 1 });
    expect(result.failure).toBeUndefined();
    expect(result).toMatchObject({ paths: 1, steps: 4 });
  });

  it("may happen just before something is refused for it, which is then not taken", async () => {
    const late = fading(`if (!wanted) on = false; ${SWITCH}`);
    const result = await drive(FADING, late, { processes: 1 });
    expect(result.failure).toBeUndefined();
    expect(result).toMatchObject({ paths: 0, taken: 1, declined: 2 });
  });

  it("is no excuse for what it doesn't explain", async () => {
    const stays = fading(`if (wanted) { ${SWITCH} } else refused = !on;`);
    const { failure } = await drive(FADING, stays, { processes: 1 });
    expect(failure).toMatchObject({ kind: "state", words: [{ name: "on", expected: false, actual: true }] });
    const always = fading("on = wanted;");
    expect((await drive(FADING, always, { processes: 1 })).failure).toMatchObject({ kind: "taken", move: 0 });
  });
});

/** It burns from the beginning, which is wrong, and says when it has given everything back. */
const BURNS = `import { writeFileSync } from "node:fs";
export class Driver {
  begin() {}
  step() { return "done"; }
  look() { return { on: true }; }
  end() { writeFileSync(new URL("ended", import.meta.url), ""); }
}
`;

describe("a driver in a file that fails on its path", () => {
  it("gives everything back before its process ends", async () => {
    await withScratch("burns", async (folder) => {
      const file = join(folder, "burns.mjs");
      writeFileSync(file, BURNS);
      const { failure } = await drive(FADING, hosted(file), { processes: 1 });
      expect(failure).toMatchObject({ kind: "state", move: -1 });
      expect(existsSync(join(folder, "ended"))).toBe(true);
    });
  });
});

import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { BadInputError } from "../../spec/tlc/base/errors.js";
import { root } from "../base/root.js";
import type { Contract } from "../contract/contract.js";
import { requireStepped } from "./stepped.js";
import { loadPlan } from "./store.js";

const CONTRACT: Contract = {
  file: "X.contract.json",
  lanes: [{ name: "thread", set: "Thread" }],
  steps: [
    { name: "Go", parameters: [{ name: "t", set: "Thread" }], lane: "t", hidden: false, refusable: false },
  ],
  words: [],
  recorded: [],
  position: "pc[lane]",
};
const [GO] = CONTRACT.steps;

describe("requireStepped", () => {
  it("takes a contract whose steps are threads'", () => {
    expect(() => requireStepped(CONTRACT)).not.toThrow();
  });

  it.each<[what: RegExp, change: Partial<Contract>]>([
    [/say where each lane stands/, { position: undefined }],
    [/Go is hidden/, { steps: [{ ...GO, hidden: "later" }] as Contract["steps"] }],
    [
      /Go belongs to no lane/,
      { steps: [{ ...GO, lane: undefined, parameters: [] }] as unknown as Contract["steps"] },
    ],
    [
      /Go has parameters beside/,
      {
        steps: [
          { ...GO, parameters: [...(GO?.parameters ?? []), { name: "v", set: "V" }] },
        ] as Contract["steps"],
      },
    ],
  ])("names the contract, and says what no thread can be asked for: %s", (what, change) => {
    const check = (): void => requireStepped({ ...CONTRACT, ...change } as Contract);
    expect(check).toThrow(BadInputError);
    expect(check).toThrow(what);
    expect(check).toThrow(expect.objectContaining({ where: "X.contract.json" }));
  });

  it("is asked before TLC runs", async () => {
    const onBuild = (text: string): void => expect.fail(`it began with: ${text}`);
    const claim = join(root, "conformance", "walkthrough", "WaitingQueue.cfg");
    await expect(loadPlan(claim, { root, stepped: true, onBuild })).rejects.toThrow(/where each lane stands/);
  });
});

import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { ModuleClosure } from "../claim/modules.js";
import { inFrontOf, listingModule, withModule } from "./listing.js";

function closure(texts: Readonly<Record<string, string>>): ModuleClosure {
  const files = Object.entries(texts).map(([name, text]) => ({ name, path: `/spec/${name}.tla`, text }));
  return { files, folders: ["/spec"], impure: false, stubs: [], jars: [], java: [] };
}
const MACHINE = "EXTENDS TLC\nListing == 1\n";

describe("listingModule", () => {
  it("extends a model of the machine, however far the machine is", () => {
    expect(listingModule(closure({ A: "EXTENDS B", B: "EXTENDS Machine", Machine: MACHINE }))?.text).toBe(
      '---- MODULE AListing ----\nEXTENDS A\nASSUME PrintT(<<"Listing", Listing, HandlerHasBarrier>>)\n====\n',
    );
  });

  it("does not exist for a model that can't name the machine's code, nor for someone else's machine", () => {
    expect(listingModule(closure({ A: "M == INSTANCE Machine", Machine: MACHINE }))).toBeUndefined();
    expect(listingModule(closure({ A: "(* EXTENDS Machine *)", Machine: MACHINE }))).toBeUndefined();
    expect(listingModule(closure({ A: "EXTENDS Machine", Machine: "Other == 1" }))).toBeUndefined();
  });

  it("is what TLC runs, and gone afterwards", async () => {
    const model = closure({ A: "EXTENDS Machine", Machine: MACHINE });
    const listing = listingModule(model);
    expect(inFrontOf(model, listing).files.map(({ name }) => name)).toEqual(["AListing", "A", "Machine"]);
    const path = await withModule("/spec/A.tla", listing, async (module) => {
      expect(readFileSync(module, "utf8")).toBe(listing?.text);
      return module;
    });
    expect(existsSync(path)).toBe(false);
    expect(await withModule("/spec/A.tla", undefined, async (module) => module)).toBe("/spec/A.tla");
  });
});

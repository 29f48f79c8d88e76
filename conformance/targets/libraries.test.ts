import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import {
  buildLibraryDriver,
  isAtLeast,
  LIBRARIES,
  liburcuVersion,
  listLibraryMutants,
  type Offer,
  offersOf,
} from "../../native/js/libraries.js";
import { mutantTextOf } from "../../native/js/mutants.js";
import { run } from "../../spec/tlc/base/process.js";
import { withScratch } from "../../spec/tlc/base/scratch.js";
import { root, specRoot } from "../base/root.js";
import type { Plan } from "../contract/plan.js";
import type { ReplayResult } from "../contract/result.js";
import { drive } from "../drive/drive.js";
import { hosted } from "../drive/open.js";
import { loadPlan } from "../plan/store.js";
import { libraryTargets } from "./libraries.js";

/** A compiler that finds liburcu nowhere. */
const NO_LIBURCU = `#!/bin/sh
case "$*" in
*--version*) echo "a compiler without liburcu" ;;
*lurcu*) echo "cannot find -lurcu" >&2; exit 1 ;;
*) exec cc "$@" ;;
esac
`;

const TARGETS = libraryTargets();
const HAS_LIBURCU = (await liburcuVersion()) !== undefined;
const isHere = (library: string): boolean => HAS_LIBURCU || !library.startsWith("liburcu");
const ALL = process.env["QUIESCE_ALL_LIBRARIES"] === "1";

function target(name: string) {
  const found = TARGETS.find((one) => one.name === name);
  if (found === undefined) throw new Error(`there is no library ${name}`);
  return found;
}

function planOf(claim: string, contract?: string): Promise<Plan> {
  const options = { root, ...(contract !== undefined && { contract }) };
  return loadPlan(`rcu/library/Library-${claim}`, options).then(({ plan }) => plan);
}

/** As the table says it. */
function verdictOf({ failure, interrupted, untaken = 0 }: ReplayResult): string {
  if (failure !== undefined) return failure.kind;
  return interrupted || untaken > 0 ? "inconclusive" : "conforms";
}

/** The table of conformance/drive/LIBRARIES.md: a claim, a library, and the verdict; "" where it doesn't fit. */
const CELLS = ((): { claim: string; library: string; verdict: string }[] => {
  const text = readFileSync(join(root, "conformance", "drive", "LIBRARIES.md"), "utf8");
  const [head = [], ...rows] = text
    .split("\n")
    .filter((line) => line.startsWith("|") && !line.startsWith("|-"))
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.replaceAll(/[`*]/g, "").trim()),
    );
  return rows.flatMap(([claim = "", ...verdicts]) =>
    verdicts.map((verdict, i) => ({ claim, library: head[i + 1] ?? "", verdict })),
  );
})();

/* Most of the time goes by in waiting for what should not happen, or does not come: two do so beside each other. */

/** Where a library fails, and the smallest claim of each where it does not; with QUIESCE_ALL_LIBRARIES=1 all. */
const SMALL = new Set(["offline", "qsbr-online"]);
const RUN = CELLS.filter(
  ({ claim, library, verdict }) =>
    verdict !== "" && isHere(library) && (ALL || verdict !== "conforms" || SMALL.has(claim)),
);

describe("the table of libraries and verdicts", () => {
  it("has all libraries and all claims that ask something of one", () => {
    expect(new Set(CELLS.map(({ library }) => library))).toEqual(new Set(LIBRARIES.map(({ name }) => name)));
    expect(TARGETS.map(({ name, title }) => [name, title])).toEqual(
      LIBRARIES.map(({ name, title }) => [name, title]),
    );
  });

  it.concurrent.each(RUN)("$library along $claim: $verdict", async ({ claim, library, verdict }) => {
    const plan = await planOf(claim);
    expect(await target(library).lacks?.(plan)).toBeUndefined();
    expect(verdictOf(await target(library).replay(plan))).toBe(verdict);
  });

  it("has nothing in a cell only where the library does not fit the claim", async () => {
    for (const claim of new Set(CELLS.map((cell) => cell.claim))) {
      const plan = await planOf(claim);
      for (const { library, verdict } of CELLS.filter((cell) => cell.claim === claim && isHere(cell.library)))
        expect([claim, library, (await target(library).lacks?.(plan))?.kind]).toEqual([
          claim,
          library,
          verdict === "" ? "unfit" : undefined,
        ]);
    }
  });
});

const MUTANTS = listLibraryMutants().flatMap((mutant) =>
  mutant.libraries.filter(isHere).map((library) => ({ ...mutant, library })),
);

describe("the mutants of the libraries", () => {
  it.each(listLibraryMutants())("$name changes its file in one place", async (mutant) => {
    expect([...(await mutantTextOf(mutant)).keys()]).toEqual([mutant.file]);
  });

  it.concurrent.each(MUTANTS)(
    "$library, $name: $verdict along $claim",
    async ({ library, name, claim, verdict }) => {
      const { failure } = await target(library).replay(await planOf(claim), { mutant: name });
      expect(failure?.kind, failure?.message).toBe(verdict);
    },
  );
});

/** A driver that keeps to itself what is freed. */
function blind(library: string): string {
  const base = pathToFileURL(join(root, "dist", "conformance", "drive", "shared-library.js")).href;
  return `
    import { SharedLibraryDriver } from ${JSON.stringify(base)};
    export class Driver extends SharedLibraryDriver {
      constructor() { super(${JSON.stringify(library)}); }
      look() {
        return Object.fromEntries(Object.entries(super.look()).filter(([word]) => !word.startsWith("used")));
      }
    }`;
}

describe("a driver that shows neither who waits nor what is freed", () => {
  it.skipIf(!HAS_LIBURCU)("still notices a use after free", async () => {
    await withScratch("blind", async (folder) => {
      const file = join(folder, "blind.contract.json");
      const contract = JSON.parse(
        readFileSync(join(specRoot, "rcu", "library", "Library.contract.json"), "utf8"),
      ) as { words: { name: string }[] };
      const words = contract.words.filter(({ name }) => name !== "busy" && name !== "used");
      await writeFile(file, JSON.stringify({ ...contract, words }));
      const plan = await planOf("readers", file);
      const [library] = LIBRARIES.filter(({ name }) => name === "liburcu-memb");
      const [mutant] = listLibraryMutants().filter(({ name }) => name === "returns-at-once");
      if (library === undefined || mutant === undefined) throw new Error("the table has changed");
      const driver = join(folder, "blind.mjs");
      await writeFile(driver, blind(await buildLibraryDriver(library, { mutant })));
      const { failure } = await drive(plan, hosted(driver));
      expect(failure).toMatchObject({ kind: "driver", message: expect.stringContaining("use after free") });
    });
  });
});

describe("where liburcu is not installed", () => {
  it("is not run, says what to install, and ends with 3", async () => {
    await withScratch("no-liburcu", async (folder) => {
      const compiler = join(folder, "cc");
      await writeFile(compiler, NO_LIBURCU, { mode: 0o755 });
      const main = join(root, "dist", "conformance", "cli", "main.js");
      const claim = "rcu/library/Library-offline";
      const args = [main, "conform", "--no-save", "--claim", claim, "--driver", "liburcu-memb"];
      const { exitCode, stdout } = await run(process.execPath, args, { env: { CC: compiler } });
      expect(stdout).toMatch(/not run: liburcu .*\. Debian, Ubuntu: sudo apt-get install liburcu-dev/);
      expect(stdout).not.toContain("conforms");
      expect(exitCode).toBe(3);
    });
  });
});

describe("what a library lacks", () => {
  const asking = (...offers: Offer[]): Plan => ({ constants: { Offers: offers } }) as unknown as Plan;

  it("is quiescent states where it has sections, and the other way round", async () => {
    expect(await target("quiesce-mb").lacks?.(asking("qsbr"))).toMatchObject({ kind: "unfit" });
    expect(await target("quiesce-qsbr").lacks?.(asking("call"))).toMatchObject({ kind: "unfit" });
    expect(await target("quiesce-qsbr").lacks?.(asking("qsbr", "call"))).toBeUndefined();
  });

  it.skipIf(!HAS_LIBURCU)("is polling where liburcu is older than 0.14", async () => {
    const version = (await liburcuVersion()) ?? "";
    const [memb] = LIBRARIES.filter(({ name }) => name === "liburcu-memb");
    if (memb === undefined) throw new Error("there is no liburcu-memb");
    expect((await offersOf(memb))?.has("poll")).toBe(isAtLeast(version, [0, 14]));
  });

  it.each([
    ["0.13.2", false],
    ["0.14.0", true],
    ["1.0", true],
    ["of unknown version", false],
  ])("compares versions: %s", (version, expected) => {
    expect(isAtLeast(version, [0, 14])).toBe(expected);
  });
});

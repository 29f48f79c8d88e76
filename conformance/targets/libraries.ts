import type { Offer, RcuLibrary } from "../../native/js/libraries.js";
import type { Plan } from "../contract/plan.js";
import type { Lack, Target } from "./target.js";

/** The names and titles of the libraries of native/js/libraries.ts; that file is loaded when one of them is driven. */
const ROWS: readonly (readonly [name: string, title: string])[] = [
  ...["membarrier", "global", "signal", "mb", "qsbr"].map((flavour) => ["quiesce", flavour] as const),
  ...["memb", "mb", "bp", "qsbr"].map((flavour) => ["liburcu", flavour] as const),
].map(([of, flavour]) => [`${of}-${flavour}`, `${of === "quiesce" ? "ours" : of}, ${flavour}`]);

/** RCU libraries at their API, each on threads of its own: what drives spec/rcu/library. */
export function libraryTargets(): readonly Target[] {
  return ROWS.map(([name, title]) => ({
    name,
    title,
    drives: "Library",
    lacks: (plan, signal) => lacksOf(name, plan, signal),
    async replay(plan, options = {}) {
      const { mutant, signal } = options;
      const { buildLibraryDriver } = await import("../../native/js/libraries.js");
      const { buildAddon } = await import("../../native/js/build.js");
      const building = signal ? { signal } : {};
      await buildAddon(building);
      const changed = mutant === undefined ? undefined : await mutantNamed(name, mutant);
      const file = await buildLibraryDriver(await libraryNamed(name), {
        ...building,
        ...(changed && { mutant: changed }),
      });
      const { drive } = await import("../drive/drive.js");
      const { hosted } = await import("../drive/open.js");
      // A mutant hangs where it is declared to: that it does is all that anybody asks.
      return drive(plan, hosted(file), { ...options, stacks: mutant === undefined });
    },
    async mutants() {
      const { listLibraryMutants } = await import("../../native/js/libraries.js");
      return listLibraryMutants()
        .filter(({ libraries }) => libraries.includes(name))
        .map(({ name: mutant, changes, verdict }) => ({
          ...{ name: mutant, changes, hangs: verdict === "hang" },
          killer: "replay",
        }));
    },
    testMutant: async () => ({ test: "", failed: false }),
  }));
}

async function libraryNamed(name: string): Promise<RcuLibrary> {
  const { LIBRARIES } = await import("../../native/js/libraries.js");
  const library = LIBRARIES.find((one) => one.name === name);
  if (library === undefined) throw new Error(`${name} is not in native/js/libraries.ts`);
  return library;
}

async function mutantNamed(library: string, name: string) {
  const { listLibraryMutants } = await import("../../native/js/libraries.js");
  const found = listLibraryMutants().find((one) => one.name === name && one.libraries.includes(library));
  if (found === undefined) throw new Error(`${library} has no mutant ${name}`);
  return found;
}

async function lacksOf(name: string, plan: Plan, signal?: AbortSignal): Promise<Lack | undefined> {
  const { offersOf } = await import("../../native/js/libraries.js");
  const library = await libraryNamed(name);
  const wanted = offersIn(plan);
  if (wanted.includes("qsbr") !== library.qsbr)
    return {
      kind: "unfit",
      why: library.qsbr
        ? `the readers of ${name} have no sections to wait for, but quiescent states`
        : `the readers of ${name} have no quiescent states`,
    };
  const offers = await offersOf(library, signal ? { signal } : {});
  if (offers === undefined)
    return {
      kind: "missing",
      why: "liburcu can't be compiled with: it isn't installed, or its headers are not",
      hint: "Debian, Ubuntu: sudo apt-get install liburcu-dev",
    };
  const without = wanted.filter((offer) => !offers.has(offer));
  return without.length === 0
    ? undefined
    : { kind: "unfit", why: `${name}, as it is installed, doesn't offer: ${without.join(", ")}` };
}

function offersIn({ constants }: Plan): Offer[] {
  const offers = constants["Offers"];
  return Array.isArray(offers) ? (offers as Offer[]) : [];
}

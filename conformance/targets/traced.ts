import type { Target } from "./target.js";

/** The steps of spec/tracing/Ring that are somebody else's: threads that come and go, and deaths. */
const OTHERS: ReadonlySet<string> = new Set([
  ...["ThreadEnds", "Claim", "StoreBegin", "StoreUse", "Die", "Crash", "Succeed"],
]);

/** The ring of a traced thread: the C of native/tracepoint/traced, held before each step, with its signal handlers. */
export const traced: Target = {
  name: "native-traced",
  drives: "Ring",
  title: "a traced thread and its signal handlers, which write into a ring",
  async lacks({ steps, edges }) {
    const taken = new Set(edges.map(([, , step]) => steps[step]?.name ?? ""));
    const others = [...taken].filter((step) => OTHERS.has(step));
    return others.length === 0
      ? undefined
      : {
          kind: "unfit",
          why: `native-traced is one thread, and doesn't take the steps ${others.join(", ")}`,
        };
  },
  async replay(plan, options = {}) {
    const { mutant, signal } = options;
    const building = signal ? { signal } : {};
    const { buildRingDriver } = await import("../../native/js/tracing/ring.js");
    const { buildAddon } = await import("../../native/js/build.js");
    await buildAddon(building);
    const file = await buildRingDriver(mutant, building);
    const { drive } = await import("../drive/drive.js");
    const { hosted } = await import("../drive/open.js");
    return drive(plan, hosted(file), options);
  },
  async mutants() {
    const { listRingMutants } = await import("../../native/js/tracing/ring.js");
    return listRingMutants().map(({ name, changes }) => ({ name, changes, killer: "replay" }));
  },
  testMutant: async () => ({ test: "", failed: false }),
};

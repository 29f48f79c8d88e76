import type { TracingDriver } from "../../native/js/tracing/drivers.js";
import type { Plan } from "../contract/plan.js";
import type { Target } from "./target.js";

/** The steps of spec/tracing/ring/Ring that are somebody else's: threads that come and go, and deaths. */
const OTHER_RINGS: ReadonlySet<string> = new Set([
  ...["ThreadEnds", "Claim", "StoreBegin", "StoreUse", "Die", "Crash", "Succeed"],
]);

const MOST_PROCESSES = 2;

interface Kind {
  readonly name: string;
  readonly drives: string;
  readonly title: string;
  readonly driver: TracingDriver;
  /** Why it doesn't follow the plan. */
  readonly unfit: (plan: Plan) => string | undefined;
}

/** Those that a plan takes, as a list. */
function othersIn({ steps, edges }: Plan): string | undefined {
  const taken = new Set(edges.map(([, , step]) => steps[step]?.name ?? ""));
  const found = [...taken].filter((step) => OTHER_RINGS.has(step));
  return found.length === 0 ? undefined : found.join(", ");
}

function tracing({ name, drives, title, driver, unfit }: Kind): Target {
  return {
    name,
    drives,
    title,
    async lacks(plan) {
      const why = unfit(plan);
      return why === undefined ? undefined : { kind: "unfit", why };
    },
    async replay(plan, options = {}) {
      const { mutant, signal } = options;
      const building = signal ? { signal } : {};
      const { buildTracingDriver } = await import("../../native/js/tracing/drivers.js");
      const { buildAddon } = await import("../../native/js/build.js");
      await buildAddon(building);
      const file = await buildTracingDriver(driver, mutant, building);
      const { drive } = await import("../drive/drive.js");
      const { hosted } = await import("../drive/open.js");
      return drive(plan, hosted(file), options);
    },
    async mutants() {
      const { listDriverMutants } = await import("../../native/js/tracing/drivers.js");
      return listDriverMutants(driver).map((row) => ({
        name: row.name,
        changes: row.changes,
        killer: "replay",
      }));
    },
    testMutant: async () => ({ test: "", failed: false }),
  };
}

/** The ring of a traced thread: the C of native/tracepoint/traced, held before each step, with its signal handlers. */
export const traced: Target = tracing({
  name: "native-traced",
  drives: "Ring",
  title: "a traced thread and its signal handlers, which write into a ring",
  driver: "ring",
  unfit(plan) {
    const others = othersIn(plan);
    return others && `native-traced is one thread, and doesn't take the steps ${others}`;
  },
});

/** Controllers and traced processes: the C of native/tracepoint, held before each step, with the files between them. */
export const switching: Target = tracing({
  name: "native-switching",
  drives: "Switching",
  title: "controllers that switch traced processes, and may be killed",
  driver: "switching",
  unfit(plan) {
    if (plan.lanes.filter(({ kind }) => kind === "process").length > MOST_PROCESSES)
      return `native-switching has at most ${MOST_PROCESSES} processes`;
    return undefined;
  },
});

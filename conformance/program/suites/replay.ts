import { root } from "../../base/root.js";
import type { Plan } from "../../contract/plan.js";
import type { ReplayFailure } from "../../contract/result.js";
import { hosted } from "../../drive/open.js";
import { isCertain, replayCandidate, whyUncertain } from "../../mutants/replay-candidate.js";
import { loadPlan, type StoredPlan } from "../../plan/store.js";
import { drivesModule, type Mutant, type Target } from "../../targets/target.js";
import { TARGETS, targetNamed } from "../../targets/targets.js";
import type { Row } from "./rows.js";
import { killed, MISSED, type Outcome, open, type Suite, type SuiteContext } from "./suite.js";
import { implTexts, plansAs, sourcesOf } from "./texts.js";

/** Whether a row changes the domain in shared memory, which other plans and programs know nothing of. */
export function isShareds({ subject }: Row): boolean {
  return subject.kind === "native" && subject.change.file.startsWith("src/shared");
}

/** Whether a row is one of the C library in its first flavour, which programs of their own are made of. */
export function isLibrarys({ of, subject }: Row): boolean {
  return of === "native" && (subject.kind === "native" || subject.kind === "unchanged");
}

const seen = ({ kind, step }: ReplayFailure): Outcome => killed(`${kind} at ${step || "rest"}`);

/** Drives a mutant along one plan after the other, up to its first failure. */
async function along(
  target: Target,
  mutant: Pick<Mutant, "name" | "hangs"> | undefined,
  plans: readonly StoredPlan[],
  { signal }: SuiteContext,
): Promise<Outcome> {
  const found = await replayCandidate({ target, mutant }, plans, signal);
  if (found === undefined) return MISSED;
  return isCertain(found) ? seen(found.failure) : open(`seemed to hang, ${whyUncertain(found.others ?? 0)}`);
}

/** Step by step, on the implementation that has the changed steps. */
export const replay: Suite = {
  name: "replay",
  about: "threads are let on one step at a time along every path of the specification",
  version: 1,
  part(row) {
    const { subject } = row;
    if (subject.kind !== "native" && subject.kind !== "unchanged" && subject.kind !== "impl")
      return undefined;
    const shared = TARGETS.find(({ name }) => name === "native-shared");
    const target = isShareds(row) && shared !== undefined ? shared : subject.target;
    const mutant = subject.kind === "unchanged" ? undefined : subject.mutant;
    const own = (plans: readonly StoredPlan[]): StoredPlan[] =>
      plans.filter(({ plan }) => drivesModule(target, plan.module));
    return {
      depends: async ({ plans }) => [
        plansAs(own(await plans())),
        subject.kind === "impl" ? implTexts() : await sourcesOf("replay", "drive"),
        subject.kind === "native" ? subject.change : [],
      ],
      run: async (context) => along(target, mutant, own(await context.plans()), context),
    };
  },
};

const READERS = "readers";

/** The claims of the library's API along which a change of a file may show, beside those with readers. */
const ALONG: readonly (readonly [RegExp, readonly string[]])[] = [
  [/synchronize|letters|quiescent|poll/, ["updaters"]],
  [/poll/, ["poll"]],
  [/defer|worker/, ["call"]],
  [/fork/, ["fork"]],
  [/registration|thread|domain/, ["end"]],
];

/** The claims along which a library is driven with this row, the one that is declared to notice it first. */
export async function drivenAlong(row: Row): Promise<readonly string[]> {
  const { subject } = row;
  if (subject.kind === "library") return [subject.mutant.claim];
  if (!isLibrarys(row) || isShareds(row)) return [];
  const { listLibraryMutants } = await import("../../../native/js/libraries.js");
  const declared = listLibraryMutants().filter(({ name }) => name === row.name);
  const file = subject.kind === "native" ? subject.change.file : "";
  const more = ALONG.filter(([files]) => files.test(file)).flatMap(([, claims]) => claims);
  return [...new Set([...declared.map(({ claim }) => claim), READERS, ...more])];
}

async function libraryPlans(row: Row, signal: AbortSignal): Promise<StoredPlan[]> {
  const plans: StoredPlan[] = [];
  for (const claim of await drivenAlong(row))
    plans.push(await loadPlan(`rcu/library/Library-${claim}`, { root, signal }));
  return plans;
}

/** At the API, on threads of its own: ours is driven in the flavour membarrier. */
export const drive: Suite = {
  name: "drive",
  about: "calls of its API, on threads that run freely inside of them, along the paths of spec/rcu/library",
  version: 1,
  timed: true,
  part(row) {
    const { subject } = row;
    if (subject.kind !== "library" && (!isLibrarys(row) || isShareds(row))) return undefined;
    return {
      depends: async ({ signal }) => [
        plansAs(await libraryPlans(row, signal)),
        await sourcesOf("drive", "bench"),
        subject.kind === "native" ? subject.change : subject.kind === "library" ? subject.mutant : [],
      ],
      async run(context) {
        const plans = await libraryPlans(row, context.signal);
        if (subject.kind !== "library") return driveOurs(row, plans, context);
        const target = targetNamed(subject.library);
        for (const { plan } of plans)
          if ((await target.lacks?.(plan, context.signal)) !== undefined) return undefined;
        return along(
          target,
          { name: subject.mutant.name, hangs: subject.mutant.verdict === "hang" },
          plans,
          context,
        );
      },
    };
  },
};

async function driveOurs(
  { subject }: Row,
  plans: readonly StoredPlan[],
  { signal }: SuiteContext,
): Promise<Outcome> {
  const { buildLibraryDriver, LIBRARIES } = await import("../../../native/js/libraries.js");
  const { buildAddon } = await import("../../../native/js/build.js");
  const { drive: driveAlong } = await import("../../drive/drive.js");
  const library = LIBRARIES.find(({ name }) => name === "quiesce-membarrier");
  if (library === undefined) throw new Error("quiesce-membarrier is not in native/js/libraries.ts");
  await buildAddon({ signal });
  const file = await buildLibraryDriver(library, {
    signal,
    ...(subject.kind === "native" && {
      mutant: { ...subject.change, libraries: [library.name], claim: READERS, verdict: "state" },
    }),
  });
  const one = async (plan: Plan): Promise<ReplayFailure | undefined> =>
    (await driveAlong(plan, hosted(file), { signal })).failure;
  for (const { plan } of plans) {
    const failure = await one(plan);
    if (failure !== undefined) return seen(failure);
  }
  return MISSED;
}

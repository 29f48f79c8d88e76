import type { Claim } from "../../../spec/tlc/claim/claim.js";

/** A row of spec/history.json: a bug from history, and the claims whose counterexample is its failure. */
export interface HistoricBug {
  readonly id: string;
  /** The section of the page, one of {@link GROUPS}. */
  readonly group: string;
  readonly project: string;
  /** When it was fixed or reported; if it is still there, when it was found. */
  readonly year: number;
  /** The commits that fixed it, abbreviated as in the claims' sources. */
  readonly commits?: readonly string[];
  /** Where else it is described: `owner/repository#number`, `LWN number`, or words, as in the claims' sources. */
  readonly references?: readonly string[];
  /** What the commit, the issue or the text calls it, if that was read. */
  readonly subject?: string;
  /** What was wrong, in one sentence. */
  readonly wrong: string;
  readonly claims: readonly string[];
  /** Where it was read, one of {@link SEEN}. */
  readonly seen: string;
}

/** The sections of the page, in order, each with its subject. */
export const GROUPS: Readonly<Record<string, { readonly title: string; readonly text: string }>> = {
  Linux: { title: "Linux", text: "Bugs in membarrier(), and one in the kernel's RCU." },
  liburcu: { title: "liburcu", text: "The library that membarrier() was made for." },
  elsewhere: {
    title: "Other projects",
    text: "The same problems under other names: other kernels, epochs, process-wide barriers, code generated at run time.",
  },
  taught: {
    title: "Papers and books",
    text: "Planted on purpose, to see that a model finds them, or described as a lesson.",
  },
  "in time": {
    title: "Caught in time",
    text: "Bugs that were in a proposal, found by a review, or taken care of by a change.",
  },
  ours: {
    title: "Found by this project",
    text: "Found while writing the specification, or while reading for it. We know of nobody who has reported or fixed them.",
  },
};

/** Where a bug may have been read. */
export const SEEN: Readonly<Record<string, string>> = {
  git: "its repository",
  web: "a copy of the commit",
  file: "the mended file",
  mail: "public mail",
  issue: "its thread",
  run: "found here",
  notes: "notes only",
};

/** What a violated property means for a run, in a reader's words. */
export const SHOWS: Readonly<Record<string, string>> = {
  AllIsFreedOneDay: "no grace period ends",
  assertion: "an assertion fails",
  deadlock: "everyone waits for ever",
  ForkEnds: "fork() hangs",
  FutexSays: "spins instead of sleeping",
  GracePeriodEnds: "a grace period may not end",
  GuessIsInitialised: "use before initialisation",
  MaskIsKept: "signals get through",
  NoCallbackIsLost: "a callback is lost",
  NoEarlyCallback: "a callback runs too early",
  NoEarlyEnd: "a grace period is too short",
  NoLostWakeUp: "a lost wake-up",
  NoSelfDeadlock: "a thread waits for itself",
  NoStaleCodeRuns: "old code runs",
  NoUseAfterFree: "use after free",
  NoUseBeforeInitialised: "use before initialisation",
  NothingGoneIsUsed: "something gone is used",
  NothingUnmappedIsUsed: "unmapped memory is used",
  OldIsNotUsed: "an old pointer is used",
  OneSeesTheOther: "two threads miss each other",
  OthersGetOn: "others are held up for ever",
  PromiseKept: "a CPU passes no barrier",
  RegisteredAreReached: "a registered process is missed",
  RegistrationPermits: "registered, yet refused",
  ReportedIsPermitted: "reported, yet refused",
  RestsBetweenRounds: "spins instead of sleeping",
  SwitchesHappen: "a CPU never switches",
  WordSays: "the futex word is wrong",
  WorkerRests: "spins instead of sleeping",
};

/**
 * What is wrong with a row, in words for a person; empty when its group and its `seen` are known, and each of its
 * claims exists, is declared violated or allowed in a way that has words, and has a source that names the row's commits
 * and references.
 *
 * @param claims all of ours
 */
export function problemsOf(bug: HistoricBug, claims: readonly Claim[]): string[] {
  const named = [...(bug.commits ?? []), ...(bug.references ?? [])];
  const row = [
    ...(GROUPS[bug.group] === undefined ? [`there is no group "${bug.group}"`] : []),
    ...(SEEN[bug.seen] === undefined ? [`"${bug.seen}" is not a known way to have read it`] : []),
    ...(named.length === 0 ? ["it has neither a commit nor a reference"] : []),
    ...(bug.claims.length === 0 ? ["no claim catches it"] : []),
  ];
  const ofClaims = bug.claims.flatMap((id) => {
    const claim = claims.find((c) => c.id === id);
    if (claim === undefined) return [`there is no claim ${id}`];
    const { verdict, violates } = claim.declared;
    if (verdict !== "violated" && verdict !== "allowed") return [`${id} is declared ${verdict}`];
    return [
      ...(violates === undefined || SHOWS[violates] === undefined
        ? [`there are no words for ${violates ?? "nothing"}, which ${id} violates`]
        : []),
      ...named
        .filter((name) => !claim.source?.includes(name))
        .map((name) => `the source of ${id} does not name ${name}`),
    ];
  });
  return [...row, ...ofClaims].map((problem) => `${bug.id}: ${problem}`);
}

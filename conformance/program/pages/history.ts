import type { Claim } from "../../../spec/tlc/claim/claim.js";

/** A row of spec/history.json: a bug that people have made, and the claims whose counterexample is its failure. */
export interface HistoricBug {
  readonly id: string;
  /** The section of the page, one of {@link GROUPS}. */
  readonly group: string;
  readonly project: string;
  /** When it was mended, or told; of what is still there, when it was found. */
  readonly year: number;
  /** The commits that mended it, as abbreviated as the claims' sources have them. */
  readonly commits?: readonly string[];
  /** Where else it is told: `owner/repository#number`, `LWN number`, or words, as the claims' sources have them. */
  readonly references?: readonly string[];
  /** What the commit, the issue or the text calls it, where that was read. */
  readonly subject?: string;
  /** What was wrong, in one sentence. */
  readonly wrong: string;
  readonly claims: readonly string[];
  /** Where it was read, one of {@link SEEN}. */
  readonly seen: string;
}

/** The sections of the page, in order, each with what it is about. */
export const GROUPS: Readonly<Record<string, { readonly title: string; readonly text: string }>> = {
  Linux: { title: "Linux", text: "Of membarrier(), and one of the kernel's RCU." },
  liburcu: { title: "liburcu", text: "The library that membarrier() was made for." },
  elsewhere: {
    title: "Other projects",
    text: "The same problems under other names: other kernels, epochs, process-wide barriers, code made at run time.",
  },
  taught: {
    title: "Papers and books",
    text: "Put in on purpose, to see that a model finds them, or told as a lesson.",
  },
  "in time": {
    title: "Seen in time",
    text: "What a proposal had, a review found, or a change took care of.",
  },
  ours: {
    title: "Found by this project",
    text: "Its specification, or the reading for it, found these. We know of nobody who has reported or mended them.",
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

/** What the properties that claims find violated say of a run, in a reader's words. */
export const SHOWS: Readonly<Record<string, string>> = {
  AllIsFreedOneDay: "no grace period ends",
  assertion: "an assertion fails",
  deadlock: "all wait for ever",
  ForkEnds: "fork() hangs",
  FutexSays: "a spin in place of sleep",
  GracePeriodEnds: "a grace period may not end",
  GuessIsInitialised: "use before initialisation",
  MaskIsKept: "signals come in",
  NoCallbackIsLost: "a callback is lost",
  NoEarlyCallback: "a callback runs too early",
  NoEarlyEnd: "a grace period is too short",
  NoLostWakeUp: "a lost wake-up",
  NoSelfDeadlock: "a thread waits for itself",
  NoStaleCodeRuns: "old code runs",
  NoUseAfterFree: "use after free",
  NoUseBeforeInitialised: "use before initialisation",
  NothingGoneIsUsed: "what is gone is used",
  NothingUnmappedIsUsed: "unmapped memory is used",
  OldIsNotUsed: "an old pointer is used",
  OneSeesTheOther: "two threads miss each other",
  OthersGetOn: "others are held up for ever",
  PromiseKept: "a CPU has passed no barrier",
  RegisteredAreReached: "a registered process is missed",
  RegistrationPermits: "registered, and refused",
  ReportedIsPermitted: "reported, and refused",
  RestsBetweenRounds: "a spin in place of sleep",
  SwitchesHappen: "a CPU never switches",
  WordSays: "the futex word is wrong",
  WorkerRests: "a spin in place of sleep",
};

/**
 * What is wrong with a row, in words for a person; nothing when its group and its `seen` are known, and each of its
 * claims exists, is declared violated or allowed in a way that has words, and has a source that names the row's commits
 * and references.
 *
 * @param claims all of ours
 */
export function problemsOf(bug: HistoricBug, claims: readonly Claim[]): string[] {
  const named = [...(bug.commits ?? []), ...(bug.references ?? [])];
  const row = [
    ...(GROUPS[bug.group] === undefined ? [`there is no group "${bug.group}"`] : []),
    ...(SEEN[bug.seen] === undefined ? [`"${bug.seen}" is not a way to have read it`] : []),
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

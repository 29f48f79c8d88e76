import type { Cell } from "./claim-verdict.js";

/** A search that does not see every behaviour: what it does not find, it has not shown to be absent. */
export type BoundedMode =
  | { readonly kind: "simulate"; readonly behaviours: number; readonly depth: number; readonly seed: number }
  | { readonly kind: "depth-first"; readonly depth: number };

/** How TLC runs a claim, as far as its header says so. */
export interface ClaimRun {
  /** Instead of the time limit and the memory of the command line. */
  readonly timeoutMs?: number;
  readonly memoryMiB?: number;
  readonly workers?: number | "all";
  /** Do not look for deadlock, whatever the configuration says. */
  readonly noDeadlock?: true;
  readonly stackMiB?: number;
  /** `name=value`, for Java. */
  readonly javaProperties?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly mode?: BoundedMode;
}

/** What is wrong with a key of a run, and what to write instead. */
export interface RunProblem {
  readonly message: string;
  readonly hint: string;
  readonly at: Cell;
}

/** The keys of a header that say how TLC runs the claim. */
export const RUN_KEYS = [
  "Time-limit",
  "Memory",
  "Workers",
  "Deadlock",
  "Java-stack",
  "Java-properties",
  "Environment",
  "Mode",
] as const;
type RunKey = (typeof RUN_KEYS)[number];

/** The longest time limit that a timer takes, in seconds. */
const LONGEST_S = 2_147_483;
const UNITS: Readonly<Record<string, number>> = { "": 1, s: 1, min: 60, m: 60, h: 3600 };

/**
 * Java properties and variables of the environment that would change which code runs, or what it may read: a claim, which
 * may be a stranger's, does not set these.
 */
const JAVAS_OWN = /^(?:java|javax|jdk|sun|com\.sun|os|user|file|path|line|native|TLA-Library)(?:\.|$)/;
const SYSTEMS_OWN =
  /^(?:LD_|DYLD_|_?JAVA|JDK|GLIBC|MALLOC|GCONV|NODE|QUIESCE|TLA2TOOLS|LC_|XDG_).*|^(?:PATH|HOME|CLASSPATH|SHELL|IFS|ENV|BASH_ENV|TMPDIR|TMP|TEMP|LANG|LANGUAGE|LOCPATH|NLSPATH|USER|LOGNAME)$/i;

/** Reads how a claim is run; with any problem, that key says nothing. */
export function readRun(cellOf: (key: RunKey) => Cell | undefined): {
  readonly run?: ClaimRun;
  readonly problems: readonly RunProblem[];
} {
  const problems: RunProblem[] = [];
  const read = <T>(key: RunKey, hint: string, parse: (text: string) => T | undefined): T | undefined => {
    const at = cellOf(key);
    if (at === undefined) return undefined;
    const value = parse(at.text);
    if (value === undefined) problems.push({ message: `${key} can't be \`${at.text}\``, hint, at });
    return value;
  };
  const timeoutMs = read(
    "Time-limit",
    "Time-limit is a time in seconds, minutes or hours: 90, 15min, 2h",
    millisecondsOf,
  );
  const memoryMiB = read("Memory", "Memory is the heap, at least 64 MiB: 2048, 2g", (text) =>
    mebibytesOf(text, 64),
  );
  const workers = read("Workers", "Workers is a number of threads, or all: one for each core", (text) =>
    text === "all" ? ("all" as const) : whole(text, 1, 1024),
  );
  const deadlock = read("Deadlock", "Deadlock: off    TLC then does not look for deadlock", (text) =>
    text === "off" ? true : undefined,
  );
  const stackMiB = read("Java-stack", "Java-stack is at least 1 MiB: 64m", (text) => mebibytesOf(text, 1));
  const javaProperties = read(
    "Java-properties",
    "Java-properties are NAME=VALUE, with spaces between; not Java's own, which change what runs",
    (text) => pairs(text, /^[A-Za-z][\w.-]*$/, JAVAS_OWN)?.map((pair) => pair.join("=")),
  );
  const environment = read(
    "Environment",
    'Environment is NAME=VALUE, with spaces between: N=3 NAME="two words"; not those of the system or of Java',
    (text) => {
      const found = pairs(text, /^[A-Za-z_]\w*$/, SYSTEMS_OWN);
      return found && Object.fromEntries(found);
    },
  );
  const mode = read(
    "Mode",
    "Mode is  simulate num=1000 depth=100 seed=1  (depth and seed may be left out)  or  depth-first 20",
    readMode,
  );
  const run: ClaimRun = {
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(memoryMiB !== undefined && { memoryMiB }),
    ...(workers !== undefined && { workers }),
    ...(deadlock !== undefined && { noDeadlock: true as const }),
    ...(stackMiB !== undefined && { stackMiB }),
    ...(javaProperties !== undefined && { javaProperties }),
    ...(environment !== undefined && { environment }),
    ...(mode !== undefined && { mode }),
  };
  return { ...(Object.keys(run).length > 0 && { run }), problems };
}

function whole(text: string, least: number, most: number): number | undefined {
  const value = /^\d+$/.test(text) ? Number(text) : -1;
  return value >= least && value <= most ? value : undefined;
}

/** The milliseconds that a time such as `90`, `15min` or `2h` has; undefined for what is none. */
export function millisecondsOf(text: string): number | undefined {
  const [, digits = "", unit = ""] = /^(\d+)\s*(s|min|m|h|)$/.exec(text) ?? [];
  const value = Number(digits) * (UNITS[unit] ?? 0);
  return value >= 1 && value <= LONGEST_S ? value * 1000 : undefined;
}

/** The MiB of a size such as `2048` or `2g`; undefined for what is none, or less than the least. */
export function mebibytesOf(text: string, least: number): number | undefined {
  const [, digits = "", unit = ""] = /^(\d+)\s*(m|g|mib|gib|)$/i.exec(text) ?? [];
  const value = Number(digits) * (/^g/i.test(unit) ? 1024 : 1);
  return value >= least && value <= 1 << 24 ? value : undefined;
}

/** `NAME=VALUE` with spaces between, a value in double quotes where it has spaces of its own. */
function pairs(text: string, name: RegExp, forbidden: RegExp): [string, string][] | undefined {
  const found = [...text.matchAll(/([^\s=]+)=(?:"([^"]*)"|(\S*))(?=\s|$)/g)];
  const rest = text.replace(/([^\s=]+)=(?:"([^"]*)"|(\S*))(?=\s|$)/g, "").trim();
  const fine = found.every(([, key = ""]) => name.test(key) && !forbidden.test(key));
  return found.length > 0 && rest === "" && fine
    ? found.map(([, key = "", quoted, plain]) => [key, quoted ?? plain ?? ""])
    : undefined;
}

function readMode(text: string): BoundedMode | undefined {
  const first = /^depth-first\s+(?:depth=)?(\d+)$/.exec(text)?.[1];
  if (first !== undefined) {
    const depth = whole(first, 1, 1_000_000);
    return depth === undefined ? undefined : { kind: "depth-first", depth };
  }
  const rest = /^simulate\s+(.+)$/.exec(text)?.[1]?.split(/[\s,]+/) ?? [];
  const given = new Map(rest.map((part) => part.split("=") as [string, string]));
  const number = (key: string) =>
    given.has(key) ? whole(given.get(key) ?? "", key === "seed" ? 0 : 1, 2 ** 31 - 1) : 0;
  const [behaviours, depth, seed] = ["num", "depth", "seed"].map(number);
  const known = [...given.keys()].every((key) => ["num", "depth", "seed"].includes(key));
  if (!known || given.size !== rest.length || !behaviours || depth === undefined || seed === undefined)
    return undefined;
  // TLC's own depth; and the same behaviours each time.
  return { kind: "simulate", behaviours, depth: depth || 100, seed: given.has("seed") ? seed : 1 };
}

/** What a bounded search saw, in words. */
export function boundOf(mode: BoundedMode): string {
  if (mode.kind === "depth-first")
    return `in behaviours of at most ${mode.depth.toLocaleString("en-US")} states`;
  const { behaviours, depth } = mode;
  const many = `${behaviours.toLocaleString("en-US")} behaviour${behaviours === 1 ? "" : "s"}`;
  return `in ${many} of at most ${depth.toLocaleString("en-US")} states`;
}

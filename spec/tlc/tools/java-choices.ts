import type { Environment } from "../base/cache.js";

/** The variables that give options to every Java: the virtual machine reads the first and the last, the launcher the other. */
const VARIABLES = ["JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"] as const;

/** What a person has chosen for every Java of this machine, as Java itself understood it. */
export interface JavaChoices {
  /** A garbage collector: two choices would be an error, so ours gives way. */
  readonly collector: boolean;
  /** The bound of the heap in MiB. It stands where no option of ours asks for another. */
  readonly heapMiB?: number;
  /** The smallest heap in MiB; a bound below it would be an error. */
  readonly leastHeapMiB?: number;
}

/** The variables that are set and not blank, for a person: `JAVA_TOOL_OPTIONS=-Xmx1g`. */
export function chosenVariables(env: Environment): string[] {
  return VARIABLES.filter((name) => env[name]?.trim()).map((name) => `${name}=${env[name]?.trim()}`);
}

/**
 * What our Javas find in their environment instead. Java lets `_JAVA_OPTIONS` win over its command line, and one that
 * moves all temporary files into one folder would make two runs overwrite each other's modules: so it gets the lower rank
 * that JAVA_TOOL_OPTIONS has. And with no locale set, Java can't read a path that is not ASCII.
 */
export function javaEnvironment(env: Environment): Record<string, string | undefined> {
  const own = env["_JAVA_OPTIONS"]?.trim();
  const all = [env["JAVA_TOOL_OPTIONS"]?.trim(), own].filter(Boolean).join(" ");
  return { LC_ALL: "C.UTF-8", ...(own && { JAVA_TOOL_OPTIONS: all, _JAVA_OPTIONS: undefined }) };
}

/** How `-XX:+PrintFlagsFinal` shows what the person has set, in contrast to a default or what Java worked out. */
const SET = /^\s*\w+\s+(\w+)\s+:?=\s+(\S+).*\{(?:environment|command line|config file)(?:,[^}]*)?\}\s*$/;
const COLLECTOR = /^Use(?!.*(?:With|On)SystemGC$)\w+GC$/;

/** Reads what `java -XX:+PrintFlagsFinal -version` printed. */
export function readChoices(text: string): JavaChoices {
  const lines = text.split("\n");
  const set = new Map<string, string>();
  for (const line of lines) {
    const [, name, value] = SET.exec(line) ?? [];
    if (name !== undefined && value !== undefined) set.set(name, value);
  }
  // A share of the memory, which Java has turned into bytes.
  const bound = ["MaxHeapSize", "MaxRAMPercentage", "MaxRAMFraction", "MaxRAM"].some((name) => set.has(name));
  const [, bytes] = bound ? (/^\s*\w+\s+MaxHeapSize\s+:?=\s+(\d+)/m.exec(text) ?? []) : [];
  const least = Math.max(...["InitialHeapSize", "MinHeapSize"].map((name) => Number(set.get(name) ?? 0)));
  return {
    collector: [...set].some(([name, value]) => COLLECTOR.test(name) && value === "true"),
    ...(bytes !== undefined && { heapMiB: Math.max(1, Math.floor(Number(bytes) / 2 ** 20)) }),
    ...(least > 0 && { leastHeapMiB: Math.ceil(least / 2 ** 20) }),
  };
}

/** What every Java says before it starts, or after it has not started, whatever the reason. */
const IDLE =
  /^(?:NOTE: )?Picked up \w+: |^Error: Could not create the Java Virtual Machine|^Error: A fatal exception has occurred/;
/** How the launcher or the virtual machine begin when it can't start. */
const UNSTARTED =
  /^(?:Error occurred during initialization of VM|Error: Could not create the Java Virtual Machine|Error: (?:Could not find or load main class (?!tlc2\.)|Option .* is not allowed|could not open)|Unrecognized (?:VM )?option|OpenJDK .* warning: Failed to (?:reserve|commit)|There is insufficient memory for the Java Runtime)/m;

/** What Java said apart from the variables that it has read, on one line. */
export function wordsOf(output: string): string {
  const lines = output.split("\n").map((line) => line.trim());
  return lines
    .filter(
      (line) => line !== "" && line !== "Error occurred during initialization of VM" && !IDLE.test(line),
    )
    .slice(0, 3)
    .join("; ");
}

/** How Java 9 to 16 warn of TLC's use of Java's internals, and Java 24 and newer of sun.misc.Unsafe and native code. */
const INTERNALS = [
  /An illegal reflective access|Illegal reflective access by|All illegal access operations/,
  /Use --(?:illegal|enable-native)-access|Please consider reporting this/,
  /A terminally deprecated method|A restricted method|Restricted methods will/,
  /(?:sun\.misc\.Unsafe|java\.lang\.\w+)::\S+ (?:has been|will be)/,
];
const NOTICE = new RegExp(
  `^(?:(?:NOTE: )?Picked up \\w+: |WARNING: (?:${INTERNALS.map(({ source }) => source).join("|")})).*\\n?`,
  "gm",
);

/** Removes what Java says whatever comes of a run: which variables it has read, and who uses its internals. */
export function withoutNotices(errors: string): string {
  return errors.replace(NOTICE, "");
}

/** Why Java did not start at all, in its words; undefined when it did start, or says nothing of the kind. */
export function whyUnstarted(output: string): string | undefined {
  return UNSTARTED.test(output) ? wordsOf(output) : undefined;
}

import { mkdir, readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { keep, readCached, readObject } from "../base/cache.js";
import { EnvironmentError, Interrupted } from "../base/errors.js";
import { exists } from "../base/exists.js";
import { atMost } from "../base/pool.js";
import { withScratch } from "../base/scratch.js";
import { EC } from "../output/codes.js";
import { readMessages, type TlcMessage } from "../output/messages.js";
import type { Jar } from "./jar.js";
import type { Java } from "./java.js";
import { tlcArguments } from "./jvm.js";
import { sha256 } from "./pins.js";
import { writeProbe } from "./probe-spec.js";
import { expectStarted, runJava } from "./run-java.js";

/** What can differ between builds of TLC; each is tried out by running it. */
export const ABILITIES = [
  "checkDeadlock", // CHECK_DEADLOCK in a configuration
  "dotActionLabels", // -dump dot,actionlabels
  "lncheckFinal", // -lncheck final
  "noGenerateSpecTE", // -noGenerateSpecTE
  // -dumpTrace json FILE. Traces are read from the output of -tool all the same: in the file a set is a list, as a
  // sequence is, while the output tells them apart and has the arguments of actions, too.
  "dumpTrace",
  "loadTrace", // -loadTrace json FILE
  "generate", // -generate
  "alias", // ALIAS in a configuration
  "postcondition", // POSTCONDITION in a configuration
  "json", // module Json
  "tlcExt", // module TLCExt
  "negativeNumbers", // N = -1 in a configuration
  "tuples", // N = <<1, 2>> in a configuration
  "unicode", // ∧ for /\ in a module
] as const;
export type Ability = (typeof ABILITIES)[number];

/** What a build of TLC is and can do. */
export interface Abilities extends Readonly<Record<Ability, boolean>> {
  /** TLC's own version: `2.18`. */
  readonly version: string;
}

/** How one run of a probe ended. */
interface Probed {
  readonly exitCode: number | undefined;
  readonly messages: readonly TlcMessage[];
  readonly folder: string;
}
/** Runs TLC on the probe in a folder of its own. */
type Try = (
  name: string,
  config: readonly string[],
  options: (folder: string) => readonly string[],
  extending?: string,
) => Promise<Probed>;

/** Exit codes of TLC: an invariant is violated, all is fine. */
const VIOLATED = 12;
const FINE = 0;
/** The file's layout and the probes; a change to either makes the cached answers useless. */
const FORMAT = 2;

/**
 * Finds out what this build of TLC can do, by running it; the answer is cached by jar and Java.
 * Throws EnvironmentError when the jar does not run TLC at all, and Interrupted.
 */
export async function findAbilities(
  tools: { readonly java: Java; readonly jar: Jar; readonly archive?: string },
  options: { readonly cache: string; readonly signal?: AbortSignal },
): Promise<Abilities> {
  const key = sha256([FORMAT, tools.jar.sha256, tools.java.build].join("\n"));
  const file = join(options.cache, "abilities", `${key.slice(0, 32)}.json`);
  const cached = parseAbilities((await readCached(file))?.toString("utf8") ?? "");
  if (cached !== undefined) return cached;
  const found = await withScratch("probe", (folder) => probe(tools, folder, options.signal));
  await keep(file, `${JSON.stringify(found, undefined, 2)}\n`);
  return found;
}

async function probe(
  tools: { readonly java: Java; readonly jar: Jar; readonly archive?: string },
  root: string,
  signal: AbortSignal | undefined,
): Promise<Abilities> {
  const limited = atMost(availableParallelism());
  const attempt: Try = async (name, config, options, extending = "") => {
    const folder = join(root, name);
    await mkdir(folder);
    const spec = await writeProbe(folder, config, extending);
    const arguments_ = tlcArguments({ ...tools, temporary: folder, heapMiB: 256, short: true }, [
      ...["-tool", "-fp", "0", "-metadir", join(folder, "states"), "-config", spec.config],
      ...options(folder),
      spec.module,
    ]);
    const result = await limited(() =>
      runJava(tools.java, arguments_, { cwd: folder, timeoutMs: 60_000, ...(signal && { signal }) }),
    );
    if (result.aborted) throw new Interrupted();
    return { exitCode: result.exitCode, messages: readMessages(result.stdout + result.stderr), folder };
  };

  const main = await attempt("main", ["INVARIANT Count"], (folder) => [
    "-dump",
    "dot,actionlabels",
    join(folder, "graph"),
  ]);
  const version = /Version (\S+)/.exec(main.messages.find((m) => m.code === EC.TLC_VERSION)?.text ?? "")?.[1];
  if (version === undefined)
    expectStarted(tools.java, main.exitCode, main.messages.map(({ text }) => text).join("\n"));
  if (version === undefined) throw notTlc(tools.jar, main);
  const dot = await readFile(join(main.folder, "graph.dot"), "utf8").catch(() => "");

  const listing = (await readFile(tools.jar.path)).toString("latin1");
  // SANY takes standard modules from the jar alone, and a zip archive has its files' names in clear text.
  const has = (module: string): boolean => listing.includes(`tla2sany/StandardModules/${module}.tla`);
  const ends = async (exitCode: number, run: Promise<Probed>): Promise<boolean> =>
    (await run).exitCode === exitCode;
  const none = (): string[] => [];
  const traces = async (): Promise<{ dumpTrace: boolean; loadTrace: boolean }> => {
    const dumped = (folder: string): string => join(folder, "trace.json");
    const dump = await attempt("dumpTrace", ["INVARIANT NotTwo"], (f) => ["-dumpTrace", "json", dumped(f)]);
    if (dump.exitCode !== VIOLATED || !(await exists(dumped(dump.folder)))) {
      return { dumpTrace: false, loadTrace: false };
    }
    const load = await attempt("loadTrace", ["INVARIANT NotTwo"], () => [
      "-loadTrace",
      "json",
      dumped(dump.folder),
    ]);
    return { dumpTrace: true, loadTrace: load.exitCode === VIOLATED || load.exitCode === FINE };
  };

  const assigns = (name: string, value: string): Promise<boolean> =>
    ends(FINE, attempt(name, [`CONSTANT Given = ${value}`], none, "\nCONSTANT Given"));

  const [negativeNumbers, tuples, unicode] = await Promise.all([
    assigns("negative", "-1"),
    assigns("tuple", "<<1, 2>>"),
    ends(FINE, attempt("unicode", [], none, "\nBoth == TRUE ∧ TRUE")),
  ]);
  const [trace, lncheckFinal, noGenerateSpecTE, generate, alias, postcondition, json, tlcExt] =
    await Promise.all([
      traces(),
      ends(
        FINE,
        attempt("lncheck", ["PROPERTY Ends"], () => ["-lncheck", "final"]),
      ),
      ends(
        VIOLATED,
        attempt("specTE", ["INVARIANT NotTwo"], () => ["-noGenerateSpecTE"]),
      ),
      ends(
        FINE,
        attempt("generate", ["INVARIANT Count"], () => ["-generate", "num=1"]),
      ),
      attempt("alias", ["INVARIANT NotTwo", "ALIAS Shown"], none).then(
        ({ exitCode, messages }) => exitCode === VIOLATED && messages.some((m) => m.text.includes("aliased")),
      ),
      ends(FINE, attempt("postcondition", ["POSTCONDITION Done"], none)),
      has("Json") && ends(FINE, attempt("json", [], none, ", Json")),
      has("TLCExt") && ends(FINE, attempt("tlcExt", [], none, ", TLCExt")),
    ]);
  return {
    version,
    checkDeadlock: main.exitCode === FINE,
    dotActionLabels: dot.includes('label="Step"') || dot.includes('label="Step('),
    lncheckFinal,
    noGenerateSpecTE,
    ...trace,
    generate,
    alias,
    postcondition,
    json,
    tlcExt,
    negativeNumbers,
    tuples,
    unicode,
  };
}

function notTlc(jar: Jar, { exitCode, messages }: Probed): EnvironmentError {
  const said = messages.map((m) => m.text.trim()).find((text) => text !== "");
  return new EnvironmentError(
    `${jar.path} does not run TLC: ${said ?? `Java ended with exit code ${exitCode}`}`,
    {
      hint:
        jar.source === "TLA2TOOLS_JAR"
          ? "Set TLA2TOOLS_JAR to the path of tla2tools.jar, or unset it to let Quiesce find the jar."
          : "Does this Java run other programs? A newer one may help.",
      where: jar.source === "TLA2TOOLS_JAR" ? "TLA2TOOLS_JAR" : jar.path,
    },
  );
}

function parseAbilities(text: string): Abilities | undefined {
  const value = readObject(text);
  if (value === undefined) return undefined;
  const known = ABILITIES.every((name) => typeof value[name] === "boolean");
  return known && typeof value["version"] === "string" ? (value as unknown as Abilities) : undefined;
}

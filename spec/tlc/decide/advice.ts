import { positionOf } from "../base/source-file.js";
import type { Config } from "../claim/config.js";
import type { ModuleClosure } from "../claim/modules.js";
import { hasStub } from "../claim/stubs.js";
import { readAlgorithm } from "../look/pluscal.js";
import type { SourceLocation } from "../output/location.js";
import type { SpecProblem } from "../output/problems.js";
import type { TlcReport } from "../output/report.js";
import type { Abilities } from "../tools/abilities.js";

/** Modules that specifications of others extend, by who has them. */
const COMMUNITY: ReadonlySet<string> = new Set(
  `BagsExt Bitwise CSV Combinatorics DifferentialEquations DyadicRationals FiniteSetsExt FiniteSetsExtTheorems Folds
  FoldsTheorems FunctionTheorems Functions GraphTheorems GraphViz Graphs HTML IOUtils Json Quorum QuorumTheorems Relation
  SVG SequencesExt SequencesExtTheorems ShiViz Statistics UndirectedGraphs VectorClocks`.split(/\s+/),
);
/** Modules of newer builds of TLC. */
const NEWER: ReadonlySet<string> = new Set(["TLCExt", "_TLCTrace", "_JsonTrace", "_TETrace"]);
/** Modules of the Apalache model checker. */
const APALACHE: ReadonlySet<string> = new Set(["Apalache", "Variants", "Option"]);

/** What a claim's run was made with. */
export interface Circumstances {
  readonly config: Config;
  /** The configuration's text, and its file. */
  readonly text: string;
  readonly file: string;
  readonly modules: ModuleClosure;
  readonly abilities: Abilities;
}

/** Names in a report what this TLC lacks, and which module or option is missing: each with its place and what helps. */
export function advise(report: TlcReport, circumstances: Circumstances): TlcReport {
  if (report.errors.length === 0) {
    const assumed = aboutTheRun(report, circumstances);
    return assumed === undefined ? report : { ...report, errors: [assumed] };
  }
  const lacking = report.errors.some(({ kind }) => kind === "config")
    ? configLacks(circumstances)
    : undefined;
  const errors = report.errors.map((error) =>
    error.kind === "config" && lacking !== undefined ? lacking : problemIn(error, circumstances),
  );
  const untranslated =
    lacking === undefined && !report.errors.some(isAboutModules) && untranslatedIn(circumstances);
  return { ...report, errors: untranslated ? [untranslated, ...errors] : errors };
}

/**
 * A false assumption about how TLC is run, and not about what is specified: it says nothing about the claim, and the
 * header can make it true.
 */
function aboutTheRun({ violated }: TlcReport, { modules }: Circumstances): SpecProblem | undefined {
  const { kind, location } = violated ?? {};
  const file = modules.files.find(({ name }) => name === location?.module);
  if (kind !== "assumption" || location === undefined || file === undefined) return undefined;
  const text = file.text
    .split(/\r?\n/)
    .slice(location.line - 1, location.endLine ?? location.line)
    .join("\n");
  const [, property] = /\bTLCGet\s*\(\s*"-D([\w.]+)"/.exec(text) ?? [];
  const asked = property === undefined && /\bTLCGet\s*\(\s*"config"\s*\)\s*\.\s*(\w+)/.exec(text)?.[1];
  if (property === undefined && !asked) return undefined;
  const help =
    property !== undefined
      ? `it asks for Java's property ${property}: write  \\* Java-properties: ${property}=VALUE  into the header`
      : `it asks for the \`${asked}\` of TLC's run: see the keys Mode, Workers and Deadlock of the header`;
  return {
    kind: "evaluation",
    message: `the module assumes that TLC is run otherwise, so nothing is decided: ${help}`,
    location: { ...location, file: file.path },
  };
}

/** A missing module is the first thing to mend. */
function isAboutModules({ message }: SpecProblem): boolean {
  return message.includes("Cannot find source file");
}

/** An algorithm without a translation, to which TLC's complaint of missing definitions is due. */
function untranslatedIn({ modules, config }: Circumstances): SpecProblem | undefined {
  const named = [config.specification, config.init, config.next, ...config.invariants, ...config.properties];
  const defined = (name: string): boolean =>
    modules.files.some(({ text }) => new RegExp(`^\\s*${name}\\b[^=\\n]*==`, "m").test(text));
  // What the modules define without a translation, they do not lack.
  if (named.every((name) => name === undefined || defined(name))) return undefined;
  for (const { name, path, text } of modules.files) {
    const algorithm = readAlgorithm(text);
    if (algorithm === undefined || algorithm.translation !== undefined) continue;
    return {
      kind: "semantic",
      message: `the PlusCal algorithm in ${name} has no translation, so TLC sees nothing of it: translate it (java -cp tla2tools.jar pcal.trans ${name}.tla)`,
      location: { file: path, module: name, line: algorithm.line, column: 1 },
    };
  }
  return undefined;
}

function newer({ abilities }: Circumstances): string {
  return `TLC ${abilities.version}`;
}

const SET_JAR = "set TLA2TOOLS_JAR to the tla2tools.jar of TLC 1.8 or newer";

/** What of a configuration this TLC does not know. */
function configLacks(now: Circumstances): SpecProblem | undefined {
  const { config, abilities } = now;
  const at = (offset: number): SourceLocation => placeOf(now, offset);
  if (config.alias !== undefined && !abilities.alias)
    return problem(`${newer(now)} has no ALIAS; ${SET_JAR}, or leave it out`, at(config.alias.offset));
  if (config.postcondition !== undefined && !abilities.postcondition)
    return problem(
      `${newer(now)} has no POSTCONDITION; ${SET_JAR}, or leave it out`,
      at(config.postcondition.offset),
    );
  const instance = [config.specification, ...config.properties, ...config.invariants].find((name) =>
    name?.includes("!"),
  );
  if (instance !== undefined)
    return problem(
      `TLC reads no ${instance} in a configuration: define  ${instance.replaceAll("!", "")} == ${instance}  in the module, and name that`,
      at(Math.max(0, now.text.indexOf(instance))),
    );
  for (const { name, operator, value, valueStart } of config.assignments) {
    const what = operator === "<-" ? undefined : unreadable(value, abilities);
    if (what === undefined) continue;
    const instead = `define Value == ${value} in the module and write  ${name} <- Value`;
    return problem(`${newer(now)} reads no ${what} in a configuration: ${instead}`, at(valueStart));
  }
  return undefined;
}

/** What a value has that this TLC does not read. */
function unreadable(value: string, { tuples, negativeNumbers }: Abilities): string | undefined {
  const signs = value.replace(/"(?:[^"\\]|\\.)*"/g, '""');
  if (!tuples && signs.includes("<<")) return "tuple";
  return !negativeNumbers && /(?:^|[{<,\s])-\s*\d/.test(signs) ? "negative number" : undefined;
}

function problem(message: string, location: SourceLocation): SpecProblem {
  return { kind: "config", message, location };
}

function placeOf({ text, file }: Circumstances, offset: number): SourceLocation {
  return { file, ...positionOf(text, offset) };
}

function problemIn(error: SpecProblem, now: Circumstances): SpecProblem {
  const java = ofLibrariesJava(error, now);
  if (java !== undefined) return { ...error, message: java };
  const missing = /Cannot find source file for module (\w+)(?: imported in module (\w+))?/.exec(
    error.message,
  );
  if (missing !== null) return missingModule(error, missing[1] ?? "", missing[2], now);
  const unicode = /Lexical error.*Encountered: "\\u([0-9a-fA-F]{4})"/.exec(error.message);
  if (unicode !== null && !now.abilities.unicode) {
    const sign = String.fromCodePoint(Number.parseInt(unicode[1] ?? "", 16));
    const where = error.location?.module === undefined ? "" : ` in module ${error.location.module}`;
    return {
      ...error,
      message: `${newer(now)} reads no Unicode, and there is "${sign}"${where}: write it as ASCII (${ASCII.get(sign) ?? "/\\ for \u2227, \\in for \u2208"}), or ${SET_JAR}`,
    };
  }
  if (/\(No such file or directory\)/.test(error.message))
    return {
      ...error,
      message: `${error.message}\nTLC runs in a folder of its own, from which a relative path leads nowhere: give an absolute one (a header can, with Environment)`,
    };
  const unheard = /^TLCGet\("?(\w+)"?\) was undefined/.exec(error.message)?.[1];
  if (unheard !== undefined && /^[a-z]/.test(unheard))
    return { ...error, message: `${newer(now)} has no TLCGet("${unheard}"); ${SET_JAR}` };
  const unknown = /Unknown operator: \W?(\w+)/.exec(error.message);
  const stubs = now.modules.stubs.filter((name) => name !== "TLAPS");
  if (unknown === null || stubs.length === 0) return error;
  const given = stubs.some((name) => COMMUNITY.has(name))
    ? "the jar or folder of the CommunityModules"
    : "the module itself";
  const are = `${stubs.join(", ")} ${stubs.length === 1 ? "is a stub" : "are stubs"} here`;
  return { ...error, message: `${error.message} (${are}: give ${given} with --library)` };
}

/** What a library's Java lacks, or a library without its Java: Java says it with the name of a class, or not at all. */
function ofLibrariesJava({ message, location }: SpecProblem, now: Circumstances): string | undefined {
  const jars = now.modules.jars.map(({ path }) => path).join(", ");
  if (jars !== "" && /class file version/.test(message))
    return `the operators in Java of ${jars} need a newer Java: set JAVA_HOME to the folder of one`;
  if (jars !== "" && /\b(?:tlc2|tla2sany|util)[./]\w+[./]/.test(message))
    return `the operators in Java of ${jars} do not fit ${newer(now)}: ${SET_JAR}, or give the library's release of its time; without Java, the folder of its modules may do`;
  const module = location?.module ?? "";
  const isText = now.modules.files.some(({ name }) => name === module);
  return jars === "" && COMMUNITY.has(module) && isText
    ? `${message}\n${module} is here without its operators in Java: give the jar of the CommunityModules`
    : undefined;
}

const ASCII: ReadonlyMap<string, string> = new Map([
  ["\u2227", "/\\"],
  ["\u2228", "\\/"],
  ["\u225c", "=="],
  ["\u2208", "\\in"],
  ["\u2209", "\\notin"],
  ["\u2260", "#"],
  ["\u2264", "<="],
  ["\u2265", ">="],
  ["\u2200", "\\A"],
  ["\u2203", "\\E"],
  ["\u21d2", "=>"],
  ["\u25a1", "[]"],
  ["\u25c7", "<>"],
]);

function missingModule(
  error: SpecProblem,
  name: string,
  by: string | undefined,
  now: Circumstances,
): SpecProblem {
  const file = now.modules.files.find((one) => one.name === by);
  const at = file === undefined ? undefined : mentionOf(file.text, name);
  const location = file && at && { file: file.path, module: file.name, ...at };
  return {
    ...error,
    message: `there is no module ${name}: ${whoHas(name, now)}`,
    ...(location && { location }),
  };
}

function whoHas(name: string, now: Circumstances): string {
  if (COMMUNITY.has(name))
    return "it is one of the CommunityModules; give their jar (CommunityModules-deps.jar) or folder with --library";
  if (NEWER.has(name)) return `${newer(now)} does not have it; ${SET_JAR}`;
  if (APALACHE.has(name)) return "it is Apalache's; give the folder of its modules with --library";
  if (hasStub(name) || /(?:Theorems|Induction)(?:_proofs)?$/.test(name))
    return "give the folder that has it (of TLAPS, or of the CommunityModules) with --library";
  return "it is neither beside the module nor below the folder that was given; give its folder with --library";
}

/** Where a module's text names another one. */
function mentionOf(
  text: string,
  name: string,
): { line: number; column: number; endColumn: number } | undefined {
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (/^\s*(?:\\\*|\(\*)/.test(line) || line.includes(`MODULE ${name}`)) continue;
    const column = new RegExp(`\\b${name}\\b`).exec(line)?.index;
    if (column !== undefined) return { line: index + 1, column: column + 1, endColumn: column + name.length };
  }
  return undefined;
}

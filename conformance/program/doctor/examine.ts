import { availableParallelism } from "node:os";
import { loadAddon } from "../../../native/js/addon.js";
import { findCompiler } from "../../../native/js/compiler.js";
import { messageOf, QuiesceError } from "../../../spec/tlc/base/errors.js";
import { ABILITIES } from "../../../spec/tlc/tools/abilities.js";
import { findTools, type Tools } from "../../../spec/tlc/tools/tools.js";
import { COMMANDS, isSupported } from "./membarrier.js";

/** One thing that the project needs, and its state on this machine. */
export interface Finding {
  readonly name: string;
  readonly ok: boolean;
  /** What was found, or what is wrong. */
  readonly value: string;
  /** What to do when it is not ok. */
  readonly hint?: string;
}

export interface Examination {
  /** Nothing is missing. */
  readonly ok: boolean;
  readonly findings: readonly Finding[];
  /** What the jar can do, as found by TLC's probes; empty where that is unknown. */
  readonly abilities: Readonly<Record<string, boolean>>;
  /** Which membarrier commands exist, by the kernel's QUERY; empty where it can't be asked. */
  readonly membarrier: Readonly<Record<string, boolean>>;
  readonly cores: number;
}

/** Examines everything that the project needs; anything missing is a finding, not an error. */
export async function examine(signal: AbortSignal): Promise<Examination> {
  const tools = await attempt(() => findTools({ signal }));
  const compiler = await attempt(findCompiler);
  const mask = await attempt(async () => (await loadAddon()).membarrierQuery());
  const cores = availableParallelism();
  const findings: Finding[] = [
    { name: "Node", ok: true, value: process.versions.node },
    ...tlcFindings(tools),
    finding("C compiler", compiler, ({ version }) => version),
    membarrierFinding(mask, compiler.ok),
    { name: "cores", ok: true, value: String(cores) },
  ];
  return {
    ok: findings.every(({ ok }) => ok),
    findings,
    abilities: tools.ok ? table(ABILITIES, (name) => [name, tools.value.abilities[name]]) : {},
    membarrier: mask.ok
      ? table(COMMANDS, (command) => [command.name, isSupported(command, Math.max(0, mask.value))])
      : {},
    cores,
  };
}

function table<T>(
  rows: readonly T[],
  entry: (row: T) => readonly [string, boolean],
): Record<string, boolean> {
  return Object.fromEntries(rows.map(entry));
}

type Attempt<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly message: string; readonly hint?: string };

async function attempt<T>(work: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    if (error instanceof QuiesceError && error.exitCode === 130) throw error;
    const hint =
      error instanceof Error && "hint" in error && typeof error.hint === "string" ? error.hint : undefined;
    return { ok: false, message: messageOf(error), ...(hint !== undefined && { hint }) };
  }
}

function finding<T>(name: string, attempted: Attempt<T>, show: (value: T) => string): Finding {
  if (attempted.ok) return { name, ok: true, value: show(attempted.value) };
  return {
    name,
    ok: false,
    value: attempted.message,
    ...(attempted.hint !== undefined && { hint: attempted.hint }),
  };
}

function tlcFindings(tools: Attempt<Tools>): Finding[] {
  if (!tools.ok) return [finding("Java and TLC", tools, () => "")];
  const { java, jar, abilities } = tools.value;
  const trust = jar.verified ? "verified" : "unverified: a hash that this project does not pin";
  return [
    { name: "Java", ok: true, value: `${java.version} (${java.command})` },
    { name: "TLC", ok: true, value: `${abilities.version}, from ${jar.source}` },
    { name: "jar", ok: true, value: jar.path },
    { name: "jar's sha256", ok: true, value: `${jar.sha256} (${trust})` },
  ];
}

/** @param compiler is there one? Else its own line says what to do about the addon, too. */
function membarrierFinding(mask: Attempt<number>, compiler: boolean): Finding {
  const name = "membarrier";
  if (!mask.ok) {
    const value = "unknown: the addon, which asks the kernel, could not be built";
    if (!compiler) return { name, ok: false, value: `${value} without a C compiler` };
    return { ...finding(name, mask, () => ""), value: `${value}\n${mask.message}` };
  }
  if (mask.value < 0) {
    return {
      name,
      ok: false,
      value: `the kernel refuses it (errno ${-mask.value})`,
      hint: "Linux 4.14 or newer has it; a container's seccomp filter may hide it. The library falls back to full fences.",
    };
  }
  const have = COMMANDS.filter((command) => isSupported(command, mask.value)).map((command) => command.name);
  const lacks = COMMANDS.filter((command) => !isSupported(command, mask.value)).map(
    (command) => command.name,
  );
  const value = lacks.length === 0 ? "all commands" : `${have.join(", ")}; lacks ${lacks.join(", ")}`;
  return { name, ok: have.includes("PRIVATE_EXPEDITED"), value };
}

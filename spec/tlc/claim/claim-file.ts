import { readFile, stat } from "node:fs/promises";
import { positionOf } from "../base/source-file.js";
import type { Claim, ReadOptions } from "./claim.js";
import { type HeaderEntry, readHeader, wholeText } from "./claim-header.js";
import { findModule } from "./claim-module.js";
import type { ClaimProblem } from "./claim-problem.js";
import { readRun } from "./claim-run.js";
import { type Cell, readDeclaration } from "./claim-verdict.js";
import { type Config, readConfig } from "./config.js";
import { readSweep, type SweepRow } from "./sweep.js";

/** A configuration longer than this is a mistake, not a claim. */
const LONGEST = 1024 * 1024;

/** What a file declares: one claim, or one per row of its sweep. With any problem, no claims. */
export interface ClaimFile {
  readonly claims: readonly Claim[];
  readonly problems: readonly ClaimProblem[];
}

/**
 * Reads the claims of one configuration; `id` is the claim's id, or the beginning of its rows' ids. With `undeclared`, a
 * file that declares no verdict is a claim whose verdict is undeclared.
 */
export async function readClaimFile(
  file: string,
  id: string,
  root: string,
  { undeclared = false, libraries }: ReadOptions = {},
): Promise<ClaimFile> {
  const text = await readText(file, undeclared);
  if (typeof text !== "string") return { claims: [], problems: [{ file, line: 1, column: 1, ...text }] };
  const lines = text.split(/\r?\n/);
  const problems: ClaimProblem[] = [];
  const report = (message: string, at: { line: number; column: number }, hint?: string) => {
    const sourceLine = lines[at.line - 1];
    problems.push({
      file,
      line: at.line,
      column: at.column,
      message,
      ...(hint !== undefined && { hint }),
      ...(sourceLine !== undefined && { sourceLine }),
    });
  };

  const header = readHeader(lines);
  for (const typo of header.typos) report(`unknown key ${typo.text}`, typo, `Did you mean ${typo.meant}?`);
  const entries = new Map<string, HeaderEntry>();
  for (const entry of header.entries) {
    const first = entries.get(entry.key);
    if (first !== undefined) report(`${entry.key} appears twice, first on line ${first.line}`, entry);
    else entries.set(entry.key, entry);
  }
  const config = readConfig(text);
  for (const p of config.problems) report(p.message, positionOf(text, p.offset), p.hint);

  const cellOf = (key: string): Cell | undefined => {
    const entry = entries.get(key);
    return entry && { text: wholeText(entry), line: entry.line, column: entry.valueColumn };
  };
  const module = await findModule(file, cellOf("Module")?.text, root, libraries?.ignored);
  if ("message" in module) report(module.message, cellOf("Module") ?? { line: 1, column: 1 }, module.hint);

  const fallback = entries.get("Claim") ?? header.entries[0] ?? { line: 1, column: 1 };
  const source = cellOf("Source")?.text;
  const sentence = cellOf("Claim")?.text || sentenceOf(config);
  const idle = cellOf("Idle")?.text.split(/[\s,]+/);
  for (const name of idle ?? []) {
    const hint = "Idle names the actions that are never taken:   \\* Idle: Enqueue, WakeUp";
    if (!/^[\w!]+$/.test(name))
      report(`\`${name}\` is not the name of an action`, cellOf("Idle") as Cell, hint);
  }
  const tour = cellOf("Tour")?.text.split(/[\s,]+/) ?? [];
  const { run, problems: wrongRun } = readRun(cellOf);
  for (const p of wrongRun) report(p.message, p.at, p.hint);
  const checked = run?.noDeadlock ? { ...config, checksDeadlock: false } : config;
  const claims: Claim[] = [];
  const add = (at: number, cells: (key: string) => Cell | undefined, row: SweepRow | undefined) => {
    const where = row === undefined ? fallback : { line: row.line, column: 1 };
    const [verdict, violates, states] = [cells("Verdict"), cells("Violates"), cells("States")];
    const cell = { verdict, violates, states, generated: cells("Generated"), depth: cells("Depth") };
    const { declared, problems: wrong } =
      undeclared && row === undefined && cells("Verdict") === undefined
        ? { declared: { verdict: "undeclared" as const }, problems: [] }
        : readDeclaration(cell, checked, run?.mode !== undefined);
    for (const p of wrong) report(p.message, p.at ?? where, p.hint);
    const set = cells("Set");
    if (set !== undefined && set.text !== "ci" && set.text !== "full") {
      report(`unknown set ${set.text}`, set, "A set is ci (checked on each push) or full.");
    }
    if (declared === undefined || "message" in module) return;
    claims.push({
      id: row === undefined ? id : `${id}.${row.suffix}`,
      file,
      root,
      line: at,
      module: module.module,
      sentence,
      ...(source !== undefined && { source }),
      ...(idle !== undefined && { idle }),
      set: set?.text === "full" ? "full" : "ci",
      ...(tour.includes(row === undefined ? "yes" : row.suffix) && { tour: true }),
      declared,
      ...(run !== undefined && { run }),
      ...(libraries !== undefined && { libraries }),
      overrides: Object.fromEntries(row?.overrides ?? []),
      config: override(text, config, row?.overrides ?? []),
    });
  };

  const sweep = entries.get("Sweep");
  if (sweep === undefined) {
    add(cellOf("Verdict")?.line ?? 1, cellOf, undefined);
  } else {
    for (const key of ["Verdict", "Violates", "States", "Generated", "Depth"]) {
      const entry = entries.get(key);
      if (entry) report(`a sweep declares ${key} in its rows, not beside it`, entry);
    }
    const { rows, problems: wrong } = readSweep(sweep, config.assignments);
    for (const p of wrong) report(p.message, p.at, p.hint);
    for (const row of rows)
      add(row.line, (key) => row.cells.get(key) ?? (key === "Set" ? cellOf(key) : undefined), row);
  }
  const rows = sweep === undefined ? ["yes"] : claims.map((claim) => claim.id.slice(id.length + 1));
  for (const name of problems.length > 0 ? [] : tour.filter((one) => !rows.includes(one))) {
    const hint = `Tour takes ${sweep === undefined ? "yes" : `names of rows: ${rows.join(", ")}`}`;
    report(`the tour has no row ${name}`, cellOf("Tour") as Cell, hint);
  }
  return problems.length > 0 ? { claims: [], problems } : { claims, problems };
}

/**
 * The file's text, or why it can't be used; a byte order mark is dropped. An empty configuration declares nothing, but TLC
 * takes it: what the modules assume is checked.
 */
async function readText(
  file: string,
  undeclared: boolean,
): Promise<string | { message: string; hint?: string }> {
  try {
    const found = await stat(file);
    // Reading a pipe or a device may never end.
    if (!found.isFile()) return { message: "this is not an ordinary file" };
    const { size } = found;
    if (size > LONGEST) {
      return {
        message: `the file is too large for a claim (${size} bytes)`,
        hint: "A claim has at most 1 MiB.",
      };
    }
    const text = new TextDecoder("utf-8", { fatal: true }).decode(await readFile(file));
    return text.trim() === "" && !undeclared ? { message: "the file is empty" } : text;
  } catch (error) {
    if (error instanceof TypeError) return { message: "the file is not UTF-8" };
    return { message: `cannot read the file: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** A claim without a sentence says at least what it checks. */
function sentenceOf(config: Config): string {
  const deadlock = config.checksDeadlock ? ["no deadlock"] : [];
  return [...config.invariants, ...config.properties, ...deadlock].join(", ");
}

/** The configuration with the constants of a row replaced; its lines stay where they are. */
function override(text: string, config: Config, overrides: readonly (readonly [string, string])[]): string {
  const replaced = new Map(overrides);
  let result = "";
  let from = 0;
  for (const { name, valueStart, valueEnd } of config.assignments) {
    const value = replaced.get(name);
    if (value === undefined) continue;
    const newlines = text.slice(valueStart, valueEnd).replace(/[^\n]/g, "");
    result += text.slice(from, valueStart) + value + newlines;
    from = valueEnd;
  }
  return result + text.slice(from);
}

import { version } from "../../base/root.js";
import { colour } from "../../base/terminal.js";
import type { Examination } from "./examine.js";

/** The findings for a person: what is there, what is missing, and what to do about it. */
export function showExamination({ ok, findings, abilities, membarrier }: Examination): string {
  const width = Math.max(...findings.map(({ name }) => name.length));
  const lines = findings.flatMap((finding) => [
    `${finding.ok ? colour.green("✓") : colour.red("✗")} ${finding.name.padEnd(width)}  ${finding.value.replace(/\n/g, `\n${" ".repeat(width + 4)}`)}`,
    ...(finding.ok || finding.hint === undefined ? [] : [finding.hint.replace(/^/gm, " ".repeat(width + 4))]),
  ]);
  return [
    colour.bold(`Quiesce ${version()}`),
    ...lines,
    "",
    ...yesAndNo("What this TLC can do", abilities),
    ...yesAndNo("What this kernel's membarrier can do", membarrier),
    "",
    ok ? "Nothing is missing." : "Something is missing: see the lines with ✗.",
    "",
  ].join("\n");
}

function yesAndNo(title: string, table: Readonly<Record<string, boolean>>): string[] {
  const rows = Object.entries(table).map(([name, has]) => `  ${has ? "yes" : "no "}  ${name}`);
  return rows.length === 0 ? [] : [title, ...rows];
}

/** One line for the top of a report. */
export function headline({ findings, cores }: Examination): string {
  const value = (name: string): string =>
    findings.find((finding) => finding.name === name)?.value ?? "missing";
  const verified = value("jar's sha256").includes("(verified)") ? "verified" : "unverified";
  const java = value("Java").replace(/ .*/, "");
  return [
    colour.bold(`Quiesce ${version()}`),
    `TLC ${value("TLC").replace(/,.*/, "")} (${verified})`,
    `Java ${java}`,
    `membarrier: ${value("membarrier")}`,
    `${cores} cores`,
  ].join(" · ");
}

import { shownPath } from "./path.js";
import type { Reporter } from "./reporter.js";
import { countOutcomes, type Finding, headline, type Problem, type Results } from "./results.js";

/**
 * JUnit's XML, as Jenkins, GitLab, Azure and others read it. What is different is a failure; what is not certain, not
 * decided or not read is an error; what this machine can't run is skipped. What was found where nothing is declared is
 * the output of a test that passes.
 */
export const junit: Reporter = {
  name: "junit",
  description: "JUnit's XML, for Jenkins, GitLab and others",
  report(results, folder) {
    const groups = [...new Set(results.findings.map(({ group }) => group))];
    const suites = [
      ...groups.map((group) => suiteOf(group, results, folder)),
      ...(results.problems.length === 0 ? [] : [problemSuite(results, folder)]),
    ];
    const all = countOutcomes(results.findings);
    const errors = all.open + all.undecided + results.problems.length;
    const tests = results.findings.length + results.problems.length;
    const counts = `tests="${tests}" failures="${all.fail}" errors="${errors}" skipped="${all.skipped}"`;
    return [
      '<?xml version="1.0" encoding="UTF-8"?>',
      `<testsuites name="${attribute(`quiesce ${results.command}`)}" ${counts} time="${seconds(results.seconds)}">`,
      ...suites,
      "</testsuites>",
      "",
    ].join("\n");
  },
};

function suiteOf(group: string, { findings }: Results, folder: string): string {
  const own = findings.filter((one) => one.group === group);
  const { fail, open, undecided, skipped } = countOutcomes(own);
  const time = own.reduce((sum, one) => sum + one.seconds, 0);
  return [
    `  <testsuite name="${attribute(group)}" tests="${own.length}" failures="${fail}" errors="${open + undecided}" skipped="${skipped}" time="${seconds(time)}">`,
    ...own.map((one) => caseOf(one, folder)),
    "  </testsuite>",
  ].join("\n");
}

function caseOf(finding: Finding, folder: string): string {
  const { id, group, place, outcome } = finding;
  const file =
    place === undefined
      ? ""
      : ` file="${attribute(shownPath(place.file, folder))}"${place.line === undefined ? "" : ` line="${place.line}"`}`;
  const head = `    <testcase name="${attribute(id)}" classname="${attribute(group)}"${file} time="${seconds(finding.seconds)}"`;
  if (outcome === "pass") return `${head}/>`;
  if (outcome === "found") {
    const found = [headline(finding), bodyOf(finding, folder)].join("\n\n");
    return [`${head}>`, `      <system-out>${text(found)}</system-out>`, "    </testcase>"].join("\n");
  }
  const element = { fail: "failure", open: "error", undecided: "error", skipped: "skipped" }[outcome];
  const type = outcome === "skipped" ? "" : ` type="${attribute(finding.verdict)}"`;
  return [
    `${head}>`,
    `      <${element} message="${attribute(headline(finding))}"${type}>${text(bodyOf(finding, folder))}</${element}>`,
    "    </testcase>",
  ].join("\n");
}

function bodyOf({ sentence, reason, place, detail, command }: Finding, folder: string): string {
  const where =
    place && `${shownPath(place.file, folder)}${place.line === undefined ? "" : `:${place.line}`}`;
  return [sentence, reason, where, detail, command && `Show it:  ${command}`]
    .filter((part) => part !== undefined && part !== "")
    .join("\n\n");
}

function problemSuite({ problems }: Results, folder: string): string {
  return [
    `  <testsuite name="not read" tests="${problems.length}" failures="0" errors="${problems.length}" skipped="0" time="0">`,
    ...problems.map((one) => problemCase(one, folder)),
    "  </testsuite>",
  ].join("\n");
}

function problemCase({ message, place, hint }: Problem, folder: string): string {
  const where = place === undefined ? "input" : shownPath(place.file, folder);
  const name = place?.line === undefined ? where : `${where}:${place.line}`;
  return [
    `    <testcase name="${attribute(name)}" classname="not read" time="0">`,
    `      <error message="${attribute(message)}" type="bad input">${text(hint ?? message)}</error>`,
    "    </testcase>",
  ].join("\n");
}

function seconds(value: number): string {
  return value.toFixed(3);
}

/** What XML 1.0 has no way to write, not even escaped, and lone halves of a character. */
const UNWRITABLE = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;

function text(value: string): string {
  return value
    .replace(UNWRITABLE, "\ufffd")
    .replace(/[&<>\r]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[c] ?? "&#13;");
}

function attribute(value: string): string {
  return text(value).replace(/["\t\n]/g, (c) => `&#${c.charCodeAt(0)};`);
}

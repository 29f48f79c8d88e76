import { BadInputError } from "../../../spec/tlc/base/errors.js";
import type { Claim } from "../../../spec/tlc/claim/claim.js";
import { code, plain, table } from "../markdown/markdown.js";
import { linkTo } from "../markdown/place.js";
import { GROUPS, type HistoricBug, problemsOf, SEEN, SHOWS } from "./history.js";

/** Where the page is, from the root of the repository. */
export const HISTORY_PAGE = "spec/generated/history.md";

/** Where the commits of a project can be read. */
const REPOSITORIES: Readonly<Record<string, string>> = {
  crossbeam: "crossbeam-rs/crossbeam",
  "crossbeam-epoch": "crossbeam-rs/crossbeam-epoch",
  liburcu: "urcu/userspace-rcu",
  Linux: "torvalds/linux",
};

/**
 * The page of the bugs that claims find again: a table for each group, the oldest first.
 *
 * @param json spec/history.json
 * @throws BadInputError when a row's claims are not what it says
 */
export function renderHistory(json: string, claims: readonly Claim[]): string {
  const bugs = JSON.parse(json) as HistoricBug[];
  const problems = bugs.flatMap((bug) => problemsOf(bug, claims));
  if (problems.length > 0) throw new BadInputError(`spec/history.json: ${problems.join("; ")}`);
  const sections = Object.entries(GROUPS).flatMap(([group, { title, text }]) => {
    const own = bugs.filter((bug) => bug.group === group);
    return own.length === 0
      ? []
      : [
          `## ${title}`,
          text,
          table(
            ["year", "project", "reference", "what was wrong", "found by", "it shows up as", "read in"],
            own.toSorted((a, b) => a.year - b.year).map((bug) => cells(bug, claims)),
          ),
        ];
  });
  const parts = [
    "<!-- Generated from spec/history.json by `npm run generate`. Do not edit. -->",
    "# Bugs from history, and the claims that find them",
    `${bugs.length} bugs from the history of membarrier() and of RCU. Each has a claim that TLC decides again: follow the ` +
      "link under *found by* for the counterexample, a diagram of the bug's failure.",
    Object.entries(GROUPS)
      .map(([group, { title }]) => `- ${title}: ${bugs.filter((bug) => bug.group === group).length}`)
      .join("\n"),
    "Two rows share a claim where the same mistake was made twice. *Read in* says where we read about the " +
      "bug: its repository's history, a public copy of the commit, the fixed file, mails or the thread about it. \"Notes " +
      "only\" means this project's own notes; we did not look up their source again.",
    ...sections,
  ];
  return `${parts.join("\n\n")}\n`;
}

function cells(bug: HistoricBug, claims: readonly Claim[]): string[] {
  const found = bug.claims.flatMap((id) => claims.filter((claim) => claim.id === id));
  const shows = found.map(({ declared }) => SHOWS[declared.violates ?? ""] ?? "");
  return [
    String(bug.year),
    plain(bug.project),
    referencesOf(bug),
    plain(bug.wrong),
    found.map((claim) => `[${code(claim.id)}](${linkTo(claim, HISTORY_PAGE)})`).join(", "),
    plain([...new Set(shows)].join(", ")),
    SEEN[bug.seen] ?? "",
  ];
}

function referencesOf({ project, commits = [], references = [], subject }: HistoricBug): string {
  const repository = REPOSITORIES[project];
  const links = [
    ...commits.map((id) =>
      repository === undefined
        ? code(id)
        : `[${code(id)}](https://github.com/${repository}/commit/${encodeURIComponent(id)})`,
    ),
    ...references.map(linkOf),
  ];
  return `${links.join(", ")}${subject === undefined ? "" : `: ${plain(subject)}`}`;
}

/** An issue, a pull request or an article as a link; anything else as it is. */
export function linkOf(reference: string): string {
  const thread = /^([\w.-]+\/[\w.-]+)#(\d+)$/.exec(reference);
  if (thread !== null) return `[${plain(reference)}](https://github.com/${thread[1]}/issues/${thread[2]})`;
  const article = /^LWN (\d+)$/.exec(reference);
  return article === null ? plain(reference) : `[${reference}](https://lwn.net/Articles/${article[1]}/)`;
}

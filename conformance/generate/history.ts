import type { Claim } from "../../spec/tlc/claim.js";
import { BadInputError } from "../../spec/tlc/errors.js";
import { code, plain, table } from "../pages/markdown.js";
import { linkTo } from "../pages/place.js";

/** Where the page is, from the root of the repository. */
export const HISTORY_PAGE = "spec/generated/history.md";

/** A row of spec/history.json: a bug that people have made, and the claims whose counterexample is its failure. */
export interface HistoricBug {
  readonly id: string;
  readonly project: "Linux" | "liburcu";
  readonly year: number;
  /** The commits that mended it, as abbreviated as the claims' sources have them. */
  readonly commits: readonly string[];
  /** What the commit says of itself. */
  readonly subject: string;
  /** What was wrong, in one sentence. */
  readonly wrong: string;
  readonly claims: readonly string[];
  /** Where the commit was read: in its repository, in public mails about it, or in this project's notes alone. */
  readonly seen: "git" | "mail" | "notes";
}

const SEEN = { git: "its repository", mail: "public mail", notes: "notes only" } as const;

/**
 * What is wrong with a row, in words for a person; nothing when each of its claims exists, is declared violated or
 * allowed, and has a source that names each of the commits.
 *
 * @param claims all of ours
 */
export function problemsOf(bug: HistoricBug, claims: readonly Claim[]): string[] {
  if (bug.claims.length === 0) return [`${bug.id}: no claim catches it`];
  return bug.claims.flatMap((id) => {
    const claim = claims.find((c) => c.id === id);
    if (claim === undefined) return [`${bug.id}: there is no claim ${id}`];
    const { verdict } = claim.declared;
    return [
      ...(verdict === "violated" || verdict === "allowed" ? [] : [`${bug.id}: ${id} is declared ${verdict}`]),
      ...bug.commits
        .filter((commit) => !claim.source?.includes(commit))
        .map((commit) => `${bug.id}: the source of ${id} does not name ${commit}`),
    ];
  });
}

/**
 * The page of the bugs that claims find again, the oldest first.
 *
 * @param json spec/history.json
 * @throws BadInputError when a row's claims are not what it says
 */
export function renderHistory(json: string, claims: readonly Claim[]): string {
  const bugs = JSON.parse(json) as HistoricBug[];
  const problems = bugs.flatMap((bug) => problemsOf(bug, claims));
  if (problems.length > 0) throw new BadInputError(`spec/history.json: ${problems.join("; ")}`);
  const count = (project: string): string =>
    `${bugs.filter((bug) => bug.project === project).length} of ${project}`;
  const parts = [
    "<!-- Generated from spec/history.json by `npm run generate`. Do not edit. -->",
    "# Bugs that were made, and the claims that find them",
    `${bugs.length} bugs from the history of membarrier and of user-space RCU: ${count("Linux")}, ${count("liburcu")}.` +
      " Each is a claim whose counterexample is that bug's failure. *Read in* says where the commit was read.",
    table(
      ["year", "project", "commit", "what was wrong", "found by", "read in"],
      bugs
        .toSorted((a, b) => a.year - b.year)
        .map((bug) => [
          String(bug.year),
          bug.project,
          `${bug.commits.map(code).join(", ")} ${plain(bug.subject)}`,
          plain(bug.wrong),
          claims
            .filter(({ id }) => bug.claims.includes(id))
            .map((claim) => `[${code(claim.id)}](${linkTo(claim, HISTORY_PAGE)})`)
            .join(", "),
          SEEN[bug.seen],
        ]),
    ),
  ];
  return `${parts.join("\n\n")}\n`;
}

import { resolve } from "node:path";
import { BadInputError, UsageError } from "../base/errors.js";
import { excerpt } from "../base/excerpt.js";
import { nameOf } from "../base/source-file.js";
import type { NotLookedAt } from "../base/walk.js";
import {
  type Claim,
  type ClaimProblem,
  type Claims,
  namesOf,
  type ReadOptions,
  readClaims,
  showClaimProblem,
} from "./claim.js";
import { NO_VERDICT, NO_VERDICT_HINT } from "./claim-verdict.js";

/**
 * The claims under some paths (folders, files, ids; none means all below `root`).
 *
 * @throws BadInputError that lists every problem with its place: nothing is done until all can be read
 */
export async function requireClaims(
  paths: readonly string[],
  root: string,
  options: ReadOptions = {},
): Promise<readonly Claim[]> {
  return (await requireAll(paths, root, options)).claims;
}

async function requireAll(paths: readonly string[], root: string, options: ReadOptions): Promise<Claims> {
  if (paths.includes("")) throw new UsageError("a path is empty", { hint: "Is a shell variable unset?" });
  const read = await readClaims(paths, root, options);
  const { problems } = read;
  const [first] = problems;
  if (first === undefined) return read;
  throw problems.length === 1 ? problemError(first) : problemsError(problems);
}

/** As requireClaims, but a file that can't be read as a claim leaves the others alone: its problems come with them. */
async function claimsBeside(paths: readonly string[], root: string, options: ReadOptions): Promise<Claims> {
  const read = await readClaims(paths, root, options);
  const asked = read.problems.filter(({ path }) => path);
  if (read.claims.length > 0 && asked.length === 0 && !paths.includes("")) return read;
  return await requireAll(paths, root, options);
}

/** The claims that a command is asked for, and how many of the full set were left out. */
export interface AskedClaims {
  readonly claims: readonly Claim[];
  readonly leftOut: number;
  /** What was passed over in the given folders. */
  readonly notLookedAt: readonly NotLookedAt[];
  /** What is wrong with files that are no claims, where those leave the others alone. */
  readonly problems: readonly ClaimProblem[];
}

/** How the claims that a command is asked for are read. */
export interface AskOptions extends ReadOptions {
  /** A file that can't be read as a claim does not stop the others. */
  readonly beside?: boolean;
}

/**
 * The claims under some paths, without those of the full set unless `full`. A claim of the full set is included when
 * its own id or file is given.
 *
 * @throws BadInputError for problems as requireClaims, and when no claim is left
 */
export async function claimsOf(
  paths: readonly string[],
  root: string,
  full: boolean,
  options: AskOptions = {},
): Promise<AskedClaims> {
  const {
    claims: read,
    problems,
    notLookedAt,
  } = await (options.beside ? claimsBeside : requireAll)(paths, root, options);
  const claims = read.filter(
    (claim) => full || claim.set === "ci" || paths.some((path) => namesExactly(path, claim)),
  );
  if (claims.length > 0) return { claims, leftOut: read.length - claims.length, problems, notLookedAt };
  const hint =
    read.length > 0
      ? "All of them are in the full set: add --full"
      : "A claim is a .cfg file beside its module.";
  throw new BadInputError("there is no claim to check", { hint });
}

function namesExactly(path: string, claim: Claim): boolean {
  if (resolve(path) === claim.file) return true;
  const name = path.replace(/\.cfg$/, "").replaceAll("\\", "/");
  return namesOf(claim.id).includes(name) || `/${claim.file.replace(/\.cfg$/, "")}`.endsWith(`/${name}`);
}

function problemError({ file, line, column, message, sourceLine, hint }: ClaimProblem): BadInputError {
  const shown = sourceLine === undefined ? "" : `\n${excerpt(sourceLine, wordAt(sourceLine, line, column))}`;
  // A folder, or a name that stands for nothing, has no lines.
  const where = sourceLine === undefined ? nameOf(file) : `${nameOf(file)}:${line}:${column}`;
  return new BadInputError(`${message}${shown}`, { where, ...(hint !== undefined && { hint }) });
}

function wordAt(sourceLine: string, line: number, column: number) {
  const word = /^\S+/.exec(sourceLine.slice(column - 1))?.[0].length ?? 1;
  return { line, column, endColumn: column + word - 1 };
}

function problemsError(problems: readonly ClaimProblem[]): BadInputError {
  const shown = problems.map((problem) => showClaimProblem(problem, nameOf)).join("\n");
  const hint = problems.some(({ message }) => message === NO_VERDICT) ? { hint: NO_VERDICT_HINT } : {};
  return new BadInputError(`${problems.length} problems with claims; nothing was done\n${shown}`, hint);
}

import { BadInputError, EnvironmentError, throwIfInterrupted } from "../../../spec/tlc/base/errors.js";
import { run } from "../../../spec/tlc/base/process.js";

/**
 * The commit that is checked out around a folder, shortened; `+` behind it when files below the folder differ from it.
 *
 * @param paths which files count, as git's pathspecs from the folder
 * @throws EnvironmentError when git is missing, or the folder is in no repository
 */
export async function commitOf(
  folder: string,
  signal: AbortSignal,
  paths: readonly string[] = ["."],
): Promise<string> {
  const commit = (await git(folder, ["rev-parse", "--short=12", "HEAD"], signal)).trim();
  const changed = await git(folder, ["status", "--porcelain", "--", ...paths], signal);
  return changed.trim() === "" ? commit : `${commit}+`;
}

/**
 * Absolute paths of the files below a folder that differ from what they were at a commit, or are new since then.
 *
 * @throws BadInputError when git does not know the commit
 */
export async function changedSince(ref: string, folder: string, signal: AbortSignal): Promise<Set<string>> {
  const top = (await git(folder, ["rev-parse", "--show-toplevel"], signal)).trim();
  const options = ["--verify", "--quiet", "--end-of-options", `${ref}^{commit}`];
  // It ends with 1 without a word for what it doesn't know; anything else is another trouble, and is told as that.
  const base = (await git(folder, ["rev-parse", ...options], signal, [0, 1])).trim();
  if (base === "")
    throw new BadInputError(`--since: git knows no commit "${ref}" here`, {
      hint: "In CI, a shallow checkout may lack it: fetch it, too (fetch-depth: 0).",
    });
  const differing = await git(folder, ["diff", "--name-only", "-z", "--no-renames", base, "--", "."], signal);
  const fresh = await git(
    folder,
    ["ls-files", "--others", "--exclude-standard", "--full-name", "-z"],
    signal,
  );
  return new Set(
    `${differing}${fresh}`
      .split("\0")
      .filter((path) => path !== "")
      .map((path) => `${top}/${path}`),
  );
}

/** @param fine exit codes that are no failure */
async function git(
  folder: string,
  args: readonly string[],
  signal: AbortSignal,
  fine: readonly number[] = [0],
): Promise<string> {
  const { exitCode, missing, stdout, stderr } = await run("git", args, { cwd: folder, signal });
  throwIfInterrupted(signal);
  if (exitCode !== undefined && fine.includes(exitCode)) return stdout;
  if (missing) throw new EnvironmentError("git was not found", { hint: "Install it: apt-get install git" });
  throw new EnvironmentError(`git ${args[0]} failed in ${folder}: ${stderr.trim()}`);
}

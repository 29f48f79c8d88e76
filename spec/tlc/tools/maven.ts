import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { Interrupted } from "../base/errors.js";
import { run } from "../base/process.js";
import { withScratch } from "../base/scratch.js";
import { DownloadError } from "./download.js";

/** How Maven is run. */
export interface MavenOptions {
  readonly signal?: AbortSignal;
  /** The program (default `mvn`). */
  readonly command?: string;
  /** Time limit in milliseconds (default two minutes: the first time, Maven fetches its own plugins, too). */
  readonly timeoutMs?: number;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/**
 * Fetches one jar through the Maven client, which knows the user's proxies and mirrors. `artifact` is
 * `group:name:version`. Throws DownloadError with the reason, or Interrupted.
 */
export async function fetchWithMaven(artifact: string, options: MavenOptions = {}): Promise<Buffer> {
  const command = options.command ?? "mvn";
  const timeoutMs = options.timeoutMs ?? 120_000;
  return await withScratch("maven", async (folder) => {
    const goal = ["dependency:copy", `-Dartifact=${artifact}`, `-DoutputDirectory=${folder}`];
    const result = await run(command, ["-q", "-B", ...goal], {
      cwd: folder,
      timeoutMs,
      ...(options.signal && { signal: options.signal }),
      ...(options.env && { env: options.env }),
    });
    if (result.aborted) throw new Interrupted();
    if (result.missing) throw new DownloadError(`Maven (${command}) is not installed`);
    if (result.timedOut) throw new DownloadError(`${command} did not finish within ${timeoutMs / 1000} s`);
    if (result.exitCode !== 0) throw new DownloadError(`${command} failed: ${complaint(result)}`);
    const jar = (await readdir(folder)).find((name) => name.endsWith(".jar"));
    if (jar === undefined) throw new DownloadError(`${command} succeeded, but brought no jar`);
    return await readFile(join(folder, jar));
  });
}

/** Maven's first complaint says what is wrong; the others say how to find out more. It may reset colours even with -B. */
function complaint(result: { stdout: string; stderr: string; failure?: string; exitCode?: number }): string {
  const output = `${result.failure ?? ""}\n${result.stdout}\n${result.stderr}`;
  const lines = stripVTControlCharacters(output).split("\n");
  const first = lines.find((line) => line.startsWith("[ERROR]")) ?? lines.find((line) => line.trim() !== "");
  const text = (first ?? `exit code ${result.exitCode}`).replace(/^\[ERROR\] /, "").trim();
  return text.length > 300 ? `${text.slice(0, 300)}...` : text;
}

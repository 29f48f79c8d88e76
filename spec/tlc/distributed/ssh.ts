import { type RunResult, run } from "../base/process.js";

/** The program that reaches another machine by ssh; QUIESCE_SSH names a different one. */
const program = (): string => process.env["QUIESCE_SSH"] || "ssh";

/** What keeps ssh from asking a person, or from waiting for a host that is not there. */
const OPTIONS = ["-o", "BatchMode=yes", "-o", "ConnectTimeout=10"];

/**
 * The name or address of a host as ssh's configuration has it: HOST may be an alias there. Its own name where ssh does
 * not say.
 */
export async function hostNameOf(host: string): Promise<string> {
  const asked = await run(program(), ["-G", host], { timeoutMs: 10_000, graceMs: 0 });
  const said = asked.exitCode === 0 ? /^hostname (\S+)$/m.exec(asked.stdout)?.[1] : undefined;
  return said ?? host.replace(/^.*@/, "");
}

/** Runs a shell script on a host, whatever shell the user has there. Its input is `input`, and then stays open. */
export async function runByShell(
  host: string,
  script: string,
  options: { readonly input: Uint8Array; readonly signal?: AbortSignal },
): Promise<RunResult> {
  const command = `exec sh -c '${script.replaceAll("'", "'\\''")}'`;
  return await run(program(), [...OPTIONS, host, command], { graceMs: 0, ...options });
}

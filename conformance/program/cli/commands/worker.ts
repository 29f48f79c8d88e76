import type { Command } from "commander";
import { EnvironmentError, Interrupted, UsageError } from "../../../../spec/tlc/base/errors.js";
import { cores } from "../../../base/cores.js";
import { type CommandContext, wholeNumber } from "../shared/context.js";
import { memoryOption } from "../shared/run-options.js";

interface WorkerOptions {
  readonly threads?: number;
  readonly memory?: number;
}

/** `quiesce worker SERVER`: joins a server of TLC's distributed mode that runs elsewhere. */
export function addWorker(program: Command, context: CommandContext): void {
  program
    .command("worker")
    .description("join the server that `quiesce check --workers` runs on another machine")
    .argument("<SERVER>", "HOST:PORT, as the server prints it")
    .option(
      "--threads <n>",
      `worker threads (default: one per core, here ${cores()})`,
      wholeNumber("--threads", 1, 1024),
    )
    .addOption(memoryOption("heap size (default: 1024)"))
    .addHelpText("after", HELP)
    .action(async (address: string, options: WorkerOptions) => {
      const server = readAddress(address);
      const { signal } = context;
      const { findJava } = await import("../../../../spec/tlc/tools/java.js");
      const { findJar } = await import("../../../../spec/tlc/tools/jar.js");
      const { reach } = await import("../../../../spec/tlc/distributed/addresses.js");
      const { COMPUTED, stayWithServer } = await import("../../../../spec/tlc/distributed/worker-session.js");
      const { withScratch } = await import("../../../../spec/tlc/base/scratch.js");
      const say = (text: string): void => void process.stderr.write(`${text}\n`);

      const ownAddress = await reach(server.host, server.port);
      const java = await findJava({ signal });
      const jar = await findJar({ signal, onFetch: say, onNotice: say });
      const said: string[] = [];
      const result = await withScratch("worker", (folder) =>
        stayWithServer(
          {
            tools: { java, jar },
            server,
            ownAddress,
            heapMiB: options.memory ?? 1024,
            ...(options.threads !== undefined && { threads: options.threads }),
            signal,
            onGone: () =>
              say(`the server at ${address} is gone; looking for it again, in case it starts over`),
            onLine(line) {
              said.push(line);
              if (/^TLC worker with \d+ threads? ready/.test(line)) say(`joined ${address}`);
            },
          },
          folder,
        ),
      );
      if (result.aborted) throw new Interrupted();
      const computed = said.flatMap((line) => COMPUTED.exec(line)?.[1] ?? []).map(Number);
      if (computed.length === 0) {
        const failed = said.findIndex((line) => line.startsWith("Error: Failed to start worker"));
        const why = said[failed + 1] ?? result.stderr.trim().split("\n")[0] ?? "";
        throw new EnvironmentError(
          `the work at ${address} ended before the server said that it was done: ${why}`,
          {
            hint: "Does the server have the same build of TLC (quiesce doctor)? Is it still running?",
          },
        );
      }
      const states = computed.reduce((sum, one) => sum + one, 0);
      process.stdout.write(`done: ${states.toLocaleString("en-US")} states computed here\n`);
    });
}

function readAddress(text: string): { host: string; port: number } {
  const [, host, port] = /^([A-Za-z0-9_][\w.-]*):(\d{1,5})$/.exec(text) ?? [];
  if (host !== undefined && Number(port) >= 1 && Number(port) <= 65_535) return { host, port: Number(port) };
  throw new UsageError(`SERVER is HOST:PORT, as \`quiesce check --workers\` prints it, not "${text}"`);
}

const HELP = `
The server hands out states of a model that is too large for one machine; this command computes their successors
until the server ends. Both need the same build of TLC. They trust each other and anyone who can reach their ports: use
them only on your own network.

Examples:
  quiesce worker 192.168.0.7:10997                 with all cores
  quiesce worker 192.168.0.7:10997 --threads 4     with four

Exit codes: 0 the work is done; 2 usage error; 3 there is no such server, it went away, or Java or TLC's jar is missing;
130 interrupted.`;

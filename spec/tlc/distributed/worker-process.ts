import { readFile } from "node:fs/promises";
import { makeFolder } from "../base/folders.js";
import type { RunResult } from "../base/process.js";
import { jvmArguments } from "../tools/jvm.js";
import { runJava } from "../tools/run-java.js";
import type { Tools } from "../tools/tools.js";
import { hostNameOf, runByShell } from "./ssh.js";
import type { WorkerHost } from "./worker-host.js";

/** The main class of a worker, and the Java properties that configure it. */
const WORKER = "tlc2.tool.distributed.TLCWorker";
export const PORT_PROPERTY = "tlc2.tool.distributed.TLCServer.port";

/** A server of TLC's distributed mode, as a worker sees it. */
export interface ServerAddress {
  readonly host: string;
  readonly port: number;
}

/** How a worker process is started. */
export interface WorkerOptions {
  readonly tools: Pick<Tools, "java" | "jar" | "archive">;
  readonly server: ServerAddress;
  /** The name under which the server reaches this worker. */
  readonly ownAddress: string;
  /** Default: one thread per core. */
  readonly threads?: number;
  readonly heapMiB: number;
  readonly signal?: AbortSignal;
  readonly onLine?: (line: string) => void;
}

/**
 * Runs a worker on this machine until its server ends or the signal is aborted. `folder` is for its temporary files.
 */
export async function runWorker(options: WorkerOptions, folder: string): Promise<RunResult> {
  makeFolder(folder);
  const arguments_ = jvmArguments(
    {
      ...options.tools,
      temporary: folder,
      heapMiB: options.heapMiB,
      short: false,
      more: propertiesOf(options),
    },
    WORKER,
    [options.server.host],
  );
  let rest = "";
  return await runJava(options.tools.java, arguments_, {
    cwd: folder,
    graceMs: 0,
    ...(options.signal && { signal: options.signal }),
    onStdout(chunk) {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) options.onLine?.(line);
    },
  });
}

function propertiesOf({ server, ownAddress, threads }: Omit<WorkerOptions, "tools" | "heapMiB">): string[] {
  return [
    `-D${PORT_PROPERTY}=${server.port}`,
    `-Djava.rmi.server.hostname=${ownAddress}`,
    ...(threads === undefined ? [] : [`-D${WORKER}.threadCount=${threads}`]),
  ];
}

/**
 * Runs workers on another machine by ssh until their server ends or the signal is aborted. The other machine needs only
 * Java: the jar goes over the connection, into a folder that is removed. When the connection ends, so do they.
 */
export async function runRemoteWorker(
  options: Omit<WorkerOptions, "ownAddress"> & { readonly host: WorkerHost },
): Promise<RunResult> {
  const jar = await readFile(options.tools.jar.path);
  const ownAddress = await hostNameOf(options.host.host);
  const threads = options.host.processes === undefined ? {} : { threads: 1 };
  const java = [
    "java -XX:-UsePerfData -XX:+UseSerialGC",
    `-Xmx${options.heapMiB}m -XX:+ExitOnOutOfMemoryError`,
    "-Dfile.encoding=UTF-8 -Djava.io.tmpdir=$d",
    ...propertiesOf({ ...options, ownAddress, ...threads }),
    `-cp $d/tlc.jar ${WORKER} ${options.server.host}`,
  ].join(" ");
  // The last `cat` waits for our end of the connection to close; `wait` sees the workers end.
  const script = [
    "command -v java > /dev/null || { echo there is no java in the PATH of an ssh shell >&2; exit 127; }",
    "d=$(mktemp -d) || exit 1; trap 'kill $p 2>/dev/null; wait $p 2>/dev/null; rm -rf $d' EXIT; trap 'exit 1' HUP INT TERM",
    `head -c ${jar.length} > $d/tlc.jar; p=`,
    ...Array.from(
      { length: options.host.processes ?? 1 },
      () => `mkdir $d/w$((i=i+1)); (cd $d && exec ${java}) < /dev/null & p="$p $!"`,
    ),
    "exec 3<&0; s=$$; (cat <&3 > /dev/null; kill -TERM $s) 2>/dev/null & c=$!; wait $p; r=$?; kill $c; exit $r",
  ].join("\n");
  const { signal } = options;
  return await runByShell(options.host.host, script, { input: jar, ...(signal && { signal }) });
}

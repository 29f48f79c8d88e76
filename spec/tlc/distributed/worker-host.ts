import { UsageError } from "../base/errors.js";

/** Where workers of TLC's distributed mode run. */
export interface WorkerHost {
  /** `here`: processes of this machine; `ssh`: started there by ssh; `join`: someone starts them by hand. */
  readonly kind: "here" | "ssh" | "join";
  /** As given, without the number. */
  readonly host: string;
  /** Single-threaded processes; undefined: one process with one thread per core. */
  readonly processes?: number;
}

const NAMES_OF_HERE: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "::1"]);
/** What ssh takes: a name, an address, or user@ one of them. It must not look like an option of ssh. */
const HOST = /^(?:[\w.-]+@)?[A-Za-z0-9_][\w.-]*$/;

/** Reads `localhost`, `localhost:2`, `user@host`, `host:4` or `join`. Throws UsageError. */
export function readWorkerHost(text: string): WorkerHost {
  const [, host = "", count] = /^(.*?)(?::(\d+))?$/s.exec(text) ?? [];
  const processes = count === undefined ? {} : { processes: Number(count) };
  if (host === "join" && count === undefined) return { kind: "join", host };
  const fine = HOST.test(host) && (count === undefined || (Number(count) >= 1 && Number(count) <= 1024));
  if (!fine) {
    throw new UsageError(`--workers takes hosts such as localhost:2, not "${text}"`, {
      hint: "HOST (one process with one thread per core), HOST:N (N processes), or join (started by hand).",
    });
  }
  return { kind: NAMES_OF_HERE.has(host) ? "here" : "ssh", host, ...processes };
}

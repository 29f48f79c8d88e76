import { codeOf, Interrupted, messageOf } from "../base/errors.js";

/** How long a download may take, and how much it may bring. */
export interface DownloadLimits {
  /** Until the answer's header is there, redirects included. */
  readonly answerMs: number;
  /** Between two pieces of the body. */
  readonly silenceMs: number;
  /** In all. */
  readonly totalMs: number;
  readonly maxBytes: number;
}

/** Short, so that the next source is tried soon where this one can't be reached. */
const LIMITS: DownloadLimits = {
  answerMs: 5_000,
  silenceMs: 5_000,
  totalMs: 90_000,
  maxBytes: 64 << 20,
};

/** A download failed; the message is the reason alone, in a few words. */
export class DownloadError extends Error {
  constructor(reason: string, cause?: unknown) {
    super(reason, cause === undefined ? undefined : { cause });
    this.name = "DownloadError";
  }
}

/**
 * Fetches a file over HTTP(S), redirects included, with no retries. Throws DownloadError, or Interrupted when the
 * signal is aborted.
 */
export async function download(
  url: string,
  options: { readonly signal?: AbortSignal; readonly limits?: Partial<DownloadLimits> } = {},
): Promise<Buffer> {
  const limits = { ...LIMITS, ...options.limits };
  const stop = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const within = (ms: number, reason: string): void => {
    clearTimeout(timer);
    timer = setTimeout(() => stop.abort(new DownloadError(reason)), ms);
  };
  const total = setTimeout(
    () => stop.abort(new DownloadError(`not finished within ${seconds(limits.totalMs)}`)),
    limits.totalMs,
  );
  const signals = options.signal === undefined ? [stop.signal] : [stop.signal, options.signal];
  try {
    within(limits.answerMs, `no answer within ${seconds(limits.answerMs)}`);
    const response = await fetch(url, { signal: AbortSignal.any(signals), redirect: "follow" });
    if (!response.ok) throw new DownloadError(`answered ${response.status} ${response.statusText}`.trim());
    if (response.body === null) throw new DownloadError("answered without a body");
    const pieces: Uint8Array[] = [];
    let size = 0;
    const silence = `nothing came for ${seconds(limits.silenceMs)}`;
    within(limits.silenceMs, silence);
    for await (const piece of response.body as AsyncIterable<Uint8Array>) {
      within(limits.silenceMs, silence);
      pieces.push(piece);
      size += piece.length;
      if (size > limits.maxBytes) throw new DownloadError(`more than ${limits.maxBytes} bytes`);
    }
    return Buffer.concat(pieces);
  } catch (error) {
    if (options.signal?.aborted) throw new Interrupted();
    if (stop.signal.aborted) throw stop.signal.reason;
    throw error instanceof DownloadError ? error : new DownloadError(reasonOf(error), error);
  } finally {
    clearTimeout(timer);
    clearTimeout(total);
    // Closes the connection of a download that was given up.
    stop.abort();
  }
}

function seconds(ms: number): string {
  return `${ms / 1000} s`;
}

/** Node's fetch says only "fetch failed"; the reason is its cause. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  switch (codeOf(cause)) {
    case "ECONNREFUSED":
      return "the connection was refused";
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return "its name can't be resolved";
    case "ENETUNREACH":
    case "EHOSTUNREACH":
      return "there is no route to it";
    case "ECONNRESET":
    case "UND_ERR_SOCKET":
      return "the connection broke";
    default:
      return messageOf(cause);
  }
}

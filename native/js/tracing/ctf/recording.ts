import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { BadInputError, codeOf, throwIfInterrupted } from "../../../../spec/tlc/base/errors.js";
import { systemReason } from "../../../../spec/tlc/base/system-error.js";
import { TraceFormatError } from "./error.js";
import { readMetadata } from "./metadata.js";
import { StreamFile, type StreamItem } from "./stream.js";
import type { EventClass, Metadata } from "./types.js";

/** A process whose events are in a recording: one folder with metadata. */
export interface RecordedProcess {
  readonly folder: string;
  readonly program: string;
  readonly pid: number | undefined;
}

/** An event, or a loss of some, and whose. */
export type RecordedItem = StreamItem & { readonly process: RecordedProcess };

export interface ReadOptions {
  readonly signal?: AbortSignal;
  /** Go on when the end is reached, and wait for more; ends with the signal. */
  readonly follow?: boolean;
  /** Called for what is damaged; the rest is read all the same. */
  readonly onDamage?: (error: TraceFormatError) => void;
}

/** How often a recording that grows is looked at, and how often in a row what can't be read may be half written. */
const POLL_MS = 100;
const MOST_FAILURES = 20;
const DEEPEST = 8;

/**
 * The events of a recording in the order of their times, all its processes and threads together.
 *
 * @throws BadInputError where there is no recording; Interrupted, except when it follows: then it just ends
 */
export async function* readRecording(
  recording: Recording,
  { follow = false, signal }: ReadOptions = {},
): AsyncGenerator<RecordedItem, void, undefined> {
  try {
    yield* recording.merged();
    while (follow && !signal?.aborted) {
      await waitFor(POLL_MS, signal);
      await recording.look();
      yield* recording.merged();
    }
  } finally {
    await recording.close();
  }
}

/**
 * Opens a recording; one that is followed may still have to begin.
 *
 * @throws BadInputError where there is none
 */
export async function openRecording(folder: string, options: ReadOptions = {}): Promise<Recording> {
  const recording = new Recording(folder, options);
  while (!(await recording.look())) {
    if (!options.follow) throw noRecording(folder);
    if (options.signal?.aborted) break;
    await waitFor(POLL_MS, options.signal);
  }
  return recording;
}

function noRecording(folder: string): BadInputError {
  return new BadInputError("there is no recording here: no folder in it has a file `metadata`", {
    where: folder,
    hint: "`quiesce trace record --out FOLDER` makes one.",
  });
}

interface Source {
  readonly process: RecordedProcess;
  readonly stream: StreamFile;
  items: readonly StreamItem[];
  next: number;
  /** How often in a row it could not be read. */
  failures: number;
  /** It is damaged, and not read any more. */
  ended: boolean;
}

/** A recording that is being read. */
export class Recording {
  private readonly sources = new Map<string, Source>();
  private readonly traces = new Map<
    string,
    { readonly process: RecordedProcess; readonly metadata: Metadata }
  >();

  constructor(
    private readonly root: string,
    private readonly options: ReadOptions,
  ) {}

  /** Finds what is new. Returns whether there is anything at all. */
  async look(): Promise<boolean> {
    await this.lookInto(this.root, 0);
    return this.traces.size > 0;
  }

  /** All events that its metadata describes. */
  eventClasses(): EventClass[] {
    return [...this.traces.values()].flatMap(({ metadata }) =>
      [...metadata.streams.values()].flatMap(({ events }) => [...events.values()]),
    );
  }

  async close(): Promise<void> {
    for (const { stream } of this.sources.values()) await stream.close();
  }

  private async lookInto(folder: string, depth: number): Promise<void> {
    const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
      if (depth > 0 || (this.options.follow && codeOf(error) === "ENOENT")) return [];
      throw new BadInputError(`the recording can't be read: ${systemReason(error)}`, {
        where: folder,
        hint: "Name the folder that `quiesce trace record --out FOLDER` has made.",
        cause: error,
      });
    });
    const trace = entries.some((entry) => entry.isFile() && entry.name === "metadata")
      ? await this.trace(folder)
      : undefined;
    for (const entry of entries) {
      const path = join(folder, entry.name);
      if (entry.name.startsWith(".") || entry.name === "metadata" || entry.name === "index") continue;
      if (entry.isDirectory() && depth < DEEPEST) await this.lookInto(path, depth + 1);
      if (!entry.isFile() || trace === undefined || this.sources.has(path)) continue;
      const stream = new StreamFile(path, trace.metadata);
      this.sources.set(path, {
        process: trace.process,
        stream,
        items: [],
        next: 0,
        failures: 0,
        ended: false,
      });
    }
  }

  private async trace(
    folder: string,
  ): Promise<{ readonly process: RecordedProcess; readonly metadata: Metadata } | undefined> {
    const known = this.traces.get(folder);
    if (known !== undefined) return known;
    const file = join(folder, "metadata");
    try {
      const metadata = readMetadata(await readFile(file), file);
      const pid = Number(metadata.env.get("vpid") ?? Number.NaN);
      const program = metadata.env.get("procname") ?? basename(folder);
      const trace = { process: { folder, program, pid: Number.isInteger(pid) ? pid : undefined }, metadata };
      this.traces.set(folder, trace);
      return trace;
    } catch (error) {
      if (!(error instanceof TraceFormatError)) throw error;
      if (this.options.onDamage === undefined) throw error;
      this.options.onDamage(error);
      return undefined;
    }
  }

  /** All that is there now, merged by time: the earliest of each source's next, from a heap. */
  async *merged(): AsyncGenerator<RecordedItem, void, undefined> {
    const heap: Source[] = [];
    for (const source of this.sources.values()) if (await this.fill(source)) push(heap, source);
    let turns = 0;
    while (heap.length > 0) {
      const source = heap[0] as Source;
      yield { ...(source.items[source.next++] as StreamItem), process: source.process };
      // Otherwise nothing else, such as Ctrl-C, would ever be heard.
      if (++turns % 4096 === 0) await new Promise((resolve) => setImmediate(resolve));
      if (!this.options.follow) throwIfInterrupted(this.options.signal);
      else if (this.options.signal?.aborted) return;
      if (source.next === source.items.length && !(await this.fill(source))) {
        const last = heap.pop() as Source;
        if (last === source) continue;
        heap[0] = last;
      }
      sink(heap);
    }
  }

  private async fill(source: Source): Promise<boolean> {
    if (source.next < source.items.length) return true;
    if (!source.ended) {
      try {
        const items = await source.stream.next();
        if (items === undefined) return false;
        source.items = items;
        source.next = 0;
        source.failures = 0;
        return true;
      } catch (error) {
        if (!(error instanceof TraceFormatError)) throw error;
        // It may be in the middle of being written, or have an event that was described meanwhile.
        if (this.options.follow && ++source.failures < MOST_FAILURES) {
          await this.describeAnew(source);
          return false;
        }
        if (this.options.onDamage === undefined) throw error;
        source.ended = true;
        this.options.onDamage(error);
      }
    }
    return false;
  }

  private async describeAnew({ process, stream }: Source): Promise<void> {
    const file = join(process.folder, "metadata");
    try {
      const metadata = readMetadata(await readFile(file), file);
      stream.describe(metadata);
      this.traces.set(process.folder, { process, metadata });
    } catch {
      // Then it is told of the stream.
    }
  }
}

const timeOf = (source: Source): bigint => (source.items[source.next] as StreamItem).time;

function push(heap: Source[], source: Source): void {
  let at = heap.push(source) - 1;
  while (at > 0) {
    const above = (at - 1) >> 1;
    if (timeOf(heap[above] as Source) <= timeOf(source)) return;
    heap[at] = heap[above] as Source;
    heap[above] = source;
    at = above;
  }
}

function sink(heap: Source[]): void {
  for (let at = 0; ; ) {
    const [left, right] = [2 * at + 1, 2 * at + 2];
    let least = at;
    for (const child of [left, right]) {
      if (child < heap.length && timeOf(heap[child] as Source) < timeOf(heap[least] as Source)) least = child;
    }
    if (least === at) return;
    const above = heap[at] as Source;
    heap[at] = heap[least] as Source;
    heap[least] = above;
    at = least;
  }
}

function waitFor(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener("abort", done, { once: true });
  });
}

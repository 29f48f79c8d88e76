import { type FSWatcher, watch } from "node:fs";
import { join } from "node:path";
import { codeOf, EnvironmentError } from "../../../spec/tlc/base/errors.js";

/** An editor that saves a file makes several changes at once: a new one, a rename, sometimes a backup. */
const QUIET_MS = 100;
/** Something may change all the time. */
const MOST_MS = 2_000;

/** What a check depends on has such a name, or none with an ending: it may be a folder. */
const MATTERS = /\.(?:tla|cfg|jar)$|^quiesce\.json$|^\.quiesceignore$|^[^.]+$/;

/** The files that change in some folders. A folder is watched, and not its files: editors replace these by others. */
export class Changes {
  readonly #watchers = new Map<string, FSWatcher>();
  readonly #changed = new Set<string>();
  #first = 0;
  #last = 0;
  #wake: () => void = () => undefined;

  /** Watches these folders from now on, and no others. A folder that is gone is left out. */
  watch(folders: ReadonlySet<string>): void {
    for (const [folder, watcher] of this.#watchers) {
      if (folders.has(folder)) continue;
      watcher.close();
      this.#watchers.delete(folder);
    }
    for (const folder of folders) if (!this.#watchers.has(folder)) this.#add(folder);
  }

  /** The files that have changed since the last call, as soon as there are any and all is quiet; none when interrupted. */
  async next(signal: AbortSignal): Promise<readonly string[]> {
    const wait = (ms?: number): Promise<void> =>
      new Promise((resolve) => {
        const timer = ms === undefined ? undefined : setTimeout(resolve, ms);
        const done = (): void => {
          clearTimeout(timer);
          resolve();
        };
        this.#wake = done;
        signal.addEventListener("abort", done, { once: true });
      });
    while (this.#changed.size === 0 && !signal.aborted) await wait();
    for (;;) {
      const now = performance.now();
      const left = Math.min(this.#last + QUIET_MS, this.#first + MOST_MS) - now;
      if (left <= 0 || signal.aborted) break;
      await wait(left);
    }
    const changed = signal.aborted ? [] : [...this.#changed].sort();
    if (!signal.aborted) this.#changed.clear();
    return changed;
  }

  /** Puts back what `next` has given, for who asks next. */
  again(files: readonly string[]): void {
    for (const file of files) this.#changed.add(file);
  }

  close(): void {
    this.watch(new Set());
  }

  #add(folder: string): void {
    try {
      const watcher = watch(folder, (_, name) => {
        if (name === null || MATTERS.test(name)) this.#note(join(folder, name ?? ""));
      });
      // The folder is gone.
      watcher.on("error", () => {
        watcher.close();
        this.#watchers.delete(folder);
        this.#note(folder);
      });
      this.#watchers.set(folder, watcher);
    } catch (error) {
      const code = codeOf(error) ?? "";
      if (code === "ENOENT" || code === "ENOTDIR") return;
      const most = code === "ENOSPC" || code === "EMFILE";
      throw new EnvironmentError(
        most ? "this system watches no more folders" : `the folder can't be watched: ${code}`,
        {
          where: folder,
          ...(most && {
            hint: "Raise fs.inotify.max_user_watches and max_user_instances, or name fewer folders.",
          }),
          cause: error,
        },
      );
    }
  }

  #note(path: string): void {
    this.#last = performance.now();
    if (this.#changed.size === 0) this.#first = this.#last;
    this.#changed.add(path);
    this.#wake();
  }
}

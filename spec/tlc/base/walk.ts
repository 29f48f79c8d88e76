import type { Dirent, Stats } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { BadInputError, codeOf, messageOf } from "./errors.js";
import { IGNORE_FILE, type IgnoreList, ignoredBy, listsAbove, readIgnoreFile } from "./ignored.js";

/** Folders that TLC and its Toolbox leave behind: `states`, one per run named after the second, `X.toolbox`. */
const GENERATED = /^(?:node_modules|states|\d\d(?:-\d\d){5}|.*\.toolbox|\..*)$/;

/** Through links, at most this many folders are looked at: a link to `/` would never end. */
const MOST_LINKED = 10_000;

/** Something in a folder that was not looked at, and why. */
export interface NotLookedAt {
  readonly path: string;
  readonly kind: "folder" | "file";
  readonly reason: string;
}

/** The files that were found, sorted, and what was not looked at. */
export interface Looked {
  readonly files: readonly string[];
  readonly notLookedAt: readonly NotLookedAt[];
  /** The folders that were looked at. */
  readonly folders: readonly string[];
}

/**
 * All files below a folder whose names have a given ending. Links are followed, and each folder is looked at once, under
 * its own name if it has one here. Not looked at, unless it is the given folder itself: what TLC and others leave behind,
 * hidden folders, what can't be read, what is no file, and what is ignored: by the lists given, and by the files
 * `.quiesceignore` in the folder, below it, and above it in its repository.
 *
 * @throws BadInputError when the given folder, or a `.quiesceignore`, can't be read
 */
export async function look(
  folder: string,
  extension: string,
  ignored: readonly IgnoreList[] = [],
): Promise<Looked> {
  const search = new Search(folder, extension, await listsAbove(folder, ignored));
  await search.all();
  return {
    files: search.files.sort(),
    folders: search.entered,
    notLookedAt: search.notLookedAt.sort((a, b) => (a.path < b.path ? -1 : 1)),
  };
}

/** The files of `look`. */
export async function walk(
  folder: string,
  extension: string,
  ignored: readonly IgnoreList[] = [],
): Promise<readonly string[]> {
  return (await look(folder, extension, ignored)).files;
}

/** A link, and the lists that count in its folder. */
interface Link {
  readonly path: string;
  readonly name: string;
  readonly lists: readonly IgnoreList[];
}

class Search {
  readonly files: string[] = [];
  readonly notLookedAt: NotLookedAt[] = [];
  readonly entered: string[] = [];
  readonly #folders: string[] = [];
  /** Links are followed last, so that what has a name of its own here keeps it. */
  #links: Link[] = [];
  /** The folders that have been looked at, by device and inode; known only once there are links. */
  readonly #known = new Set<string>();
  #linked = 0;

  constructor(
    private readonly top: string,
    private readonly extension: string,
    private readonly lists: readonly IgnoreList[],
  ) {}

  async all(): Promise<void> {
    await this.#into(this.top, this.lists, async (folder) => this.#folders.push(folder) > 0);
    if (this.#links.length === 0) return;
    for (const folder of this.#folders) this.#known.add(await identityOf(folder));
    while (this.#links.length > 0) {
      const links = this.#links.sort((a, b) => (a.path < b.path ? -1 : 1));
      this.#links = [];
      for (const link of links) await this.#follow(link);
    }
  }

  /** Looks into a folder and those in it, as far as they are to be looked at. */
  async #into(
    folder: string,
    above: readonly IgnoreList[],
    enter: (folder: string) => Promise<boolean>,
  ): Promise<void> {
    if (!(await enter(folder))) return;
    this.entered.push(folder);
    const entries = await this.#entriesOf(folder);
    const own = entries.some((entry) => entry.name === IGNORE_FILE && !entry.isDirectory());
    const lists = own ? [...above, readIgnoreFile(folder)] : above;
    for (const entry of entries) {
      const path = join(folder, entry.name);
      if (entry.isSymbolicLink()) this.#links.push({ path, name: entry.name, lists });
      else if (!entry.isDirectory()) this.#take(path, entry, lists);
      else if (!this.#isPassed(path, entry.name, lists)) await this.#into(path, lists, enter);
    }
  }

  async #follow({ path, name, lists }: Link): Promise<void> {
    const target = await stat(path).catch((error: unknown) => whyUnreadable(error));
    if (typeof target === "string") {
      // It may have led to a folder, unless its name is that of some other file.
      const matters = path.endsWith(this.extension) || !/.\.\w+$/.test(name);
      const reason = target === GONE ? "the link leads nowhere" : target;
      if (matters) this.#pass(path, "file", reason);
    } else if (!target.isDirectory()) this.#take(path, target, lists);
    else if (!this.#isPassed(path, name, lists))
      await this.#into(path, lists, (folder) => this.#enterLinked(folder));
  }

  async #enterLinked(folder: string): Promise<boolean> {
    const identity = await identityOf(folder);
    if (this.#known.has(identity)) return false;
    this.#known.add(identity);
    if (++this.#linked <= MOST_LINKED) return true;
    const most = MOST_LINKED.toLocaleString("en-US");
    if (this.#linked === MOST_LINKED + 1)
      this.#pass(folder, "folder", `more than ${most} folders are behind links: this one and the rest`);
    return false;
  }

  /** Is a folder not to be looked at? */
  #isPassed(path: string, name: string, lists: readonly IgnoreList[]): boolean {
    const hidden = name.startsWith(".") ? "its name begins with a dot" : "such folders are generated";
    const reason = GENERATED.test(name) ? hidden : whyIgnored(ignoredBy(lists, path, true));
    if (reason !== undefined) this.#pass(path, "folder", reason);
    return reason !== undefined;
  }

  #take(path: string, what: Dirent | Stats, lists: readonly IgnoreList[]): void {
    if (!path.endsWith(this.extension)) return;
    const ignored = whyIgnored(ignoredBy(lists, path, false));
    if (ignored !== undefined) this.#pass(path, "file", ignored);
    else if (what.isFile()) this.files.push(path);
    else this.#pass(path, "file", `it is ${kindOf(what)}, not a file`);
  }

  async #entriesOf(folder: string): Promise<Dirent[]> {
    try {
      return await readdir(folder, { withFileTypes: true });
    } catch (error) {
      const reason = whyUnreadable(error);
      if (folder !== this.top) {
        this.#pass(folder, "folder", reason);
        return [];
      }
      throw new BadInputError(`the folder can't be read: ${reason}`, {
        where: folder,
        hint: "Quiesce looks for claims and modules in all folders below the given one.",
        cause: error,
      });
    }
  }

  #pass(path: string, kind: NotLookedAt["kind"], reason: string): void {
    this.notLookedAt.push({ path, kind, reason });
  }
}

function whyIgnored(place: string | undefined): string | undefined {
  return place === undefined ? undefined : `ignored by ${place}`;
}

function kindOf(what: Dirent | Stats): string {
  if (what.isFIFO()) return "a pipe";
  if (what.isSocket()) return "a socket";
  return what.isCharacterDevice() || what.isBlockDevice() ? "a device" : "something special";
}

async function identityOf(folder: string): Promise<string> {
  const found = await stat(folder).catch(() => undefined);
  return found === undefined ? folder : `${found.dev}:${found.ino}`;
}

const GONE = "it is gone";

function whyUnreadable(error: unknown): string {
  const code = codeOf(error);
  if (code === "ENOENT") return GONE;
  if (code === "ELOOP") return "the link leads to itself";
  return code === "EACCES" || code === "EPERM" ? "no permission" : messageOf(error);
}

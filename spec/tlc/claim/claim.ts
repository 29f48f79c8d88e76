import { readdir, stat } from "node:fs/promises";
import { basename, dirname, isAbsolute, relative, resolve, sep } from "node:path";
import { suggest } from "../base/suggest.js";
import { type Looked, look, type NotLookedAt, walk } from "../base/walk.js";
import { type ClaimFile, readClaimFile } from "./claim-file.js";
import type { ClaimProblem } from "./claim-problem.js";
import type { ClaimRun } from "./claim-run.js";
import type { DeclaredVerdict } from "./claim-verdict.js";
import type { Libraries } from "./libraries.js";
import { tellApart, withoutRepeats } from "./same-claims.js";

export { type ClaimProblem, showClaimProblem } from "./claim-problem.js";
export type { DeclaredVerdict } from "./claim-verdict.js";

/** One sentence that TLC decides, with its model and its declared verdict. */
export interface Claim {
  /** Path of its file below the root, without `.cfg`; a sweep's rows add `.v1.v2`: `rcu/read-side/number.weak`. */
  readonly id: string;
  /** Absolute path of the configuration. */
  readonly file: string;
  /** Absolute path of the folder that the id is relative to; the modules of the claim are below it. */
  readonly root: string;
  /** The line that declares the verdict, from 1. */
  readonly line: number;
  /** Absolute path of the module. */
  readonly module: string;
  readonly sentence: string;
  /** Where the claim comes from. */
  readonly source?: string;
  /** Actions that no behaviour of this claim's file takes, and that are not meant to be taken. */
  readonly idle?: readonly string[];
  /** `ci` is checked on each push, `full` on request. */
  readonly set: "ci" | "full";
  /** It is one of the claims that `quiesce start` shows to a newcomer. */
  readonly tour?: true;
  readonly declared: DeclaredVerdict;
  /** Where its modules may be besides. */
  readonly libraries?: Libraries;
  /** How TLC runs it, where its header says so. */
  readonly run?: ClaimRun;
  /** What a sweep's row assigns: constants and the text assigned to them. */
  readonly overrides: Readonly<Record<string, string>>;
  /** The configuration's text with the overrides in place; lines stay where they are in the file. */
  readonly config: string;
}

/** What was found under the given paths, in order of the ids. */
export interface Claims {
  readonly claims: readonly Claim[];
  readonly problems: readonly ClaimProblem[];
  /** What was passed over in the given folders, or in all of the root. */
  readonly notLookedAt: readonly NotLookedAt[];
}

/** How claims are read. */
export interface ReadOptions {
  /** A configuration without a header is a claim, too: its verdict is undeclared. */
  readonly undeclared?: boolean;
  readonly libraries?: Libraries;
}

/**
 * Reads claims. A path is a folder, a `.cfg` file, or an id or the beginning of ids of claims below the root, which may
 * leave out folders (see namesOf); it may be given relative to the current folder or to the root. A claim elsewhere may
 * be named by its file without the ending, and by a row of its sweep. Without paths, all claims below the root. Ids are
 * relative to the root; for claims outside of it, to the given folder. Anything wrong is in `problems`: this never throws
 * because of what files contain. A claim that is reached in several ways, by links or by paths, is there once.
 */
export async function readClaims(
  paths: readonly string[],
  root: string,
  options: ReadOptions = {},
): Promise<Claims> {
  const top = resolve(root);
  const ignored = options.libraries?.ignored;
  const files = new Map<string, Promise<ClaimFile>>();
  const problems: ClaimProblem[] = [];
  const notLookedAt: NotLookedAt[] = [];
  const claims = new Set<Claim>();

  const load = (file: string, base: string): Promise<ClaimFile> => {
    const loaded = files.get(file) ?? readClaimFile(file, idOf(file, base), base, options);
    files.set(file, loaded);
    return loaded;
  };
  const seen = new Set<string>();
  const take = (file: string, from: ClaimFile, wanted: (id: string) => boolean = () => true) => {
    for (const claim of from.claims) if (wanted(claim.id)) claims.add(claim);
    if (!seen.has(file)) problems.push(...from.problems);
    seen.add(file);
  };
  const takeAll = async (found: readonly string[], base: string) => {
    for (const file of found) take(file, await load(file, base));
  };

  for (const path of paths.length === 0 ? [top] : paths) {
    const place = await findPlace(path, top);
    if (place?.kind === "file") {
      await takeAll([place.path], isInside(place.path, top) ? top : resolve(place.path, ".."));
    } else if (place?.kind === "folder") {
      const looked = await look(place.path, ".cfg", ignored);
      notLookedAt.push(...looked.notLookedAt);
      if (looked.files.length === 0) problems.push(noClaim(place.path, looked));
      await takeAll(looked.files, isInside(place.path, top) ? top : place.path);
    } else {
      const below = await namedBelow(path, top, ignored);
      const meant =
        (await claimsMeant(below, load)) ?? (await claimsMeant(await namedBeside(path, top), load));
      if (meant === undefined) {
        const all = await Promise.all(
          below.found.map(async (file) => [idOf(file, top), await load(file, top)] as const),
        );
        const known = all.flatMap(([id, { claims }]) => [id, ...claims.map((claim) => claim.id)]);
        problems.push(await unknownPath(path, known.flatMap(namesOf), top));
      } else for (const { file, from } of meant.files) take(file, from, meant.wanted);
    }
  }
  const told = await tellApart(await withoutRepeats([...claims]));
  const sorted = [...told.claims].sort((a, b) => (a.id < b.id ? -1 : 1));
  return { claims: sorted, problems: [...problems, ...told.problems], notLookedAt };
}

/** Files among which a name may stand for claims, and what it is called there. */
interface Named {
  readonly base: string;
  readonly found: readonly string[];
  readonly names: readonly string[];
}

/** Below the root a name is an id, or the beginning of ids, relative to it or to the current folder. */
async function namedBelow(
  path: string,
  root: string,
  ignored: NonNullable<ReadOptions["libraries"]>["ignored"],
): Promise<Named> {
  const found = await walk(root, ".cfg", ignored).catch((): readonly string[] => []);
  const names = [path, idOf(resolve(path), root)].map((name) =>
    name
      .replace(/\.cfg$/, "")
      .split(sep)
      .join("/"),
  );
  return { base: root, found, names };
}

/** Elsewhere a name is a file without its ending, or a row of its sweep: `specs/Lock` or `specs/Lock.tso`. */
async function namedBeside(path: string, root: string): Promise<Named> {
  const base = dirname(resolve(path));
  const files = isInside(base, root) ? [] : await readdir(base).catch((): string[] => []);
  const found = files.filter((name) => name.endsWith(".cfg")).map((name) => resolve(base, name));
  return { base, found, names: [basename(path).replace(/\.cfg$/, "")] };
}

/** The files that hold what a name stands for, and which of their claims are meant; undefined if there are none. */
async function claimsMeant(
  { base, found, names }: Named,
  load: (file: string, base: string) => Promise<ClaimFile>,
): Promise<
  | {
      readonly files: readonly { readonly file: string; readonly from: ClaimFile }[];
      readonly wanted: (id: string) => boolean;
    }
  | undefined
> {
  // Only files whose names fit are read: one claim of many is found at once.
  const fitting = found.filter((file) => names.some((name) => mayHold(idOf(file, base), name)));
  const loaded = await Promise.all(fitting.map(async (file) => ({ file, from: await load(file, base) })));
  const exact = names.find((name) =>
    loaded.some(({ from }) => from.claims.some((claim) => namesOf(claim.id).includes(name))),
  );
  const wanted = (id: string): boolean =>
    exact === undefined ? names.some((name) => beginsWith(id, name)) : namesOf(id).includes(exact);
  const files = loaded.filter(
    ({ file, from }) => wanted(idOf(file, base)) || from.claims.some((claim) => wanted(claim.id)),
  );
  return files.length === 0 ? undefined : { files, wanted };
}

/**
 * What a claim may be called: its id, and the id without the last folders before its name, down to the first alone:
 * `rcu/number.weak` and `rcu/read-side/number.weak`, too, for `rcu/read-side/width/number.weak`. Those are for people to
 * type, and stay the same when a folder is split.
 */
export function namesOf(id: string): readonly string[] {
  const parts = id.split("/");
  const [folders, name] = [parts.slice(0, -1), parts.at(-1)];
  return [
    id,
    ...folders.slice(1).map((_, n, inner) => [folders[0], ...inner.slice(0, -1 - n), name].join("/")),
  ];
}

/** Is the claim meant by a name that may be only the beginning of its id, of the name in it or of a whole folder? */
function beginsWith(id: string, name: string): boolean {
  return namesOf(id).some((one) => {
    const rest = one.startsWith(name) ? one.slice(name.length) : undefined;
    return rest !== undefined && (name.endsWith("/") || rest.startsWith("/") || !rest.includes("/"));
  });
}

/** May a file with this id hold claims that are meant by a name? The ids of a sweep's rows begin with their file's. */
function mayHold(file: string, name: string): boolean {
  return beginsWith(file, name) || namesOf(file).some((id) => name.startsWith(`${id}.`));
}

type Place = { readonly kind: "file" | "folder"; readonly path: string };

/** What is at a path, relative to the current folder or else to the root; undefined if nothing does. */
async function findPlace(path: string, root: string): Promise<Place | undefined> {
  const tried = isAbsolute(path) ? [path] : [resolve(path), resolve(root, path)];
  for (const place of tried) {
    const found = await stat(place).catch(() => undefined);
    if (found?.isDirectory()) return { kind: "folder", path: place };
    if (found?.isFile() && place.endsWith(".cfg")) return { kind: "file", path: place };
  }
  return undefined;
}

function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

function idOf(file: string, base: string): string {
  const way = isInside(file, base) ? relative(base, file) : basename(file);
  return way
    .replace(/\.cfg$/, "")
    .split(sep)
    .join("/");
}

/** A path with nothing to check. */
async function unknownPath(path: string, known: readonly string[], root: string): Promise<ClaimProblem> {
  const isFile = await stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
  if (isFile)
    return nowhere(path, "this file is not a claim", "A claim is a .cfg file; name it, or its folder.");
  const meant = suggest(path, known);
  const hint = meant ? `Did you mean ${meant}?` : `Claims are looked for below ${root}.`;
  return nowhere(path, "there is no such folder, file or claim", hint);
}

function nowhere(file: string, message: string, hint?: string): ClaimProblem {
  return { file, line: 1, column: 1, message, ...(hint !== undefined && { hint }), path: true };
}

/** There is nothing to check in a folder; where else there may be. */
function noClaim(folder: string, { notLookedAt }: Looked): ClaimProblem {
  const [first] = notLookedAt;
  const hint = first && `Not looked at: ${first.path} (${first.reason}). Name it to have it checked.`;
  return nowhere(folder, "there is no claim (.cfg) in the folder", hint);
}

import { existsSync, statSync } from "node:fs";
import { join, posix } from "node:path";
import { addressOf, fileAddress, type SitePage, sourceAddress } from "./place.js";

/** Where a link of a document leads on the site. */
export type Target =
  | { readonly kind: "page"; readonly address: string; readonly page: string; readonly hash: string }
  | { readonly kind: "source" | "file"; readonly address: string; readonly path: string }
  /** Another host, or an address for mail. */
  | { readonly kind: "outside"; readonly address: string }
  /** Something of the repository that the site does not show: its path, in words. */
  | { readonly kind: "words"; readonly path: string }
  | { readonly kind: "broken"; readonly reason: string };

/** Finds where the links of documents lead. */
export type Resolve = (from: string, href: string) => Target;

const PICTURE = /\.(?:svg|png|jpe?g|gif|webp)$/;
const LINES = /^L\d+(?:-L\d+)?$/;

/**
 * How links between documents of the repository become links of the site: a document leads to its page, a source to the
 * page that shows it, a picture to itself; a folder leads to its README.md, or stays words.
 *
 * @param root the repository
 * @param pages all that the site has
 * @param made pictures that are made for the site alone, by path from the root
 */
export function createResolve(
  root: string,
  pages: readonly Pick<SitePage, "path" | "from">[],
  made: readonly string[] = [],
): Resolve {
  const pictures = new Set(made);
  const paths = new Map(pages.map(({ from, path }) => [from, path]));
  return (from, href) => {
    if (/^(?:https?|mailto):/i.test(href)) return { kind: "outside", address: href };
    if (/^[a-z][a-z\d+.-]*:|^\/\//i.test(href)) return broken(`a link may not lead to ${href}`);
    const [way = "", hash = ""] = splitHash(href);
    const decoded = decode(way);
    if (decoded === undefined) return broken(`${href} is not a valid address`);
    const path =
      decoded === "" ? from : posix.normalize(posix.join(posix.dirname(from), decoded)).replace(/\/$/, "");
    if (path.startsWith("..") || decoded.startsWith("/"))
      return broken(`${href} leads out of the repository`);
    const page = paths.get(path) ?? paths.get(posix.join(path, "README.md"));
    if (page !== undefined) return { kind: "page", address: withHash(addressOf(page), hash), page, hash };
    if (pictures.has(path)) return { kind: "file", address: fileAddress(path), path };
    const file = join(root, path);
    if (!existsSync(file)) return broken(`${path} isn't there`);
    if (statSync(file).isDirectory()) return { kind: "words", path };
    if (PICTURE.test(path)) return { kind: "file", address: fileAddress(path), path };
    if (hash !== "" && !LINES.test(hash))
      return broken(`${path} is a source: it has lines (#L12), and no #${hash}`);
    return { kind: "source", address: withHash(sourceAddress(path), hash.replace(/-.*/, "")), path };
  };
}

function broken(reason: string): Target {
  return { kind: "broken", reason };
}

function splitHash(href: string): readonly string[] {
  const at = href.indexOf("#");
  return at < 0 ? [href] : [href.slice(0, at), href.slice(at + 1)];
}

function withHash(address: string, hash: string): string {
  return hash === "" ? address : `${address}#${hash}`;
}

/** The text that is percent-encoded, if it is one. */
export function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

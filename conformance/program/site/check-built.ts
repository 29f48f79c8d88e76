import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, posix } from "node:path";
import { decode } from "./links.js";
import { PLAYGROUND } from "./place.js";

/** What a look at all files of a built site found. */
export interface Built {
  readonly pages: number;
  readonly links: number;
  readonly bytes: number;
  /** `claims/x.html: href="..." leads nowhere` */
  readonly problems: readonly string[];
}

const LINK = /<[a-z][^<>]*?\s(href|src)="([^"]*)"/g;
const ID = /\s(?:id|name)="([^"]*)"/g;

/**
 * Looks at every link of every page that a site consists of, as a browser would follow it below `base`: the file must be
 * there, and what is named in it; and nothing may be loaded from another host. Nothing is said of pages that were left out.
 */
export function checkBuilt(folder: string, base: string, leftOut: ReadonlySet<string> = new Set()): Built {
  const files = new Set(
    readdirSync(folder, { recursive: true, encoding: "utf8", withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => posix.join(entry.parentPath.slice(folder.length), entry.name).replace(/^\//, "")),
  );
  // The playground is a program that loads nothing, and has tests of its own.
  const pages = [...files].filter((path) => path.endsWith(".html") && path !== PLAYGROUND).toSorted();
  const texts = new Map(pages.map((path) => [path, readFileSync(join(folder, path), "utf8")]));
  const ids = new Map<string, ReadonlySet<string>>();
  const idsOf = (path: string): ReadonlySet<string> => {
    const known =
      ids.get(path) ?? new Set([...(texts.get(path) ?? "").matchAll(ID)].map(([, id = ""]) => unescaped(id)));
    ids.set(path, known);
    return known;
  };
  const problems: string[] = [];
  let links = 0;
  for (const [path, text] of texts)
    for (const [tag, attribute = "", escaped = ""] of text.matchAll(LINK)) {
      const address = unescaped(escaped);
      links += 1;
      const told = `${path}: ${attribute}="${address}"`;
      if (/^[a-z][a-z\d+.-]*:|^\/\//i.test(address)) {
        if (!/^<a\s/.test(tag)) problems.push(`${told} loads something from elsewhere`);
        continue;
      }
      const [way = "", ...rest] = address.split("#");
      const hash = rest.join("#");
      const whole = way === "" ? path : fileOf(path, decode(way) ?? way, base);
      if (whole !== undefined && (leftOut.has(whole) || leftOut.has(posix.join(whole, "index.html"))))
        continue;
      const found =
        whole === undefined
          ? undefined
          : [whole, posix.join(whole, "index.html")].find((one) => files.has(one));
      if (found === undefined) problems.push(`${told} leads nowhere`);
      else if (
        hash !== "" &&
        found !== PLAYGROUND &&
        !idsOf(found).has(decode(hash) ?? hash) &&
        !idsOf(found).has(hash)
      )
        problems.push(`${told}: ${found} has no #${hash}`);
    }
  const bytes = [...files].reduce((sum, path) => sum + statSync(join(folder, path)).size, 0);
  return { pages: pages.length, links, bytes, problems };
}

/** The file that an address means; undefined when it is outside of the site. */
function fileOf(page: string, way: string, base: string): string | undefined {
  if (!way.startsWith("/")) return posix.normalize(posix.join(posix.dirname(page), way)).replace(/\/$/, "");
  return way.startsWith(base) ? way.slice(base.length).replace(/\/$/, "") : undefined;
}

function unescaped(text: string): string {
  return text
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&#123;", "{")
    .replaceAll("&amp;", "&");
}

import { existsSync } from "node:fs";
import { copyFile, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, extname, join } from "node:path";
import { BadInputError, EnvironmentError, Interrupted } from "../../../spec/tlc/base/errors.js";
import { run } from "../../../spec/tlc/base/process.js";
import { playground } from "../playground/page.js";
import { type Built, checkBuilt } from "./check-built.js";
import { SITE_FILE, type SiteFile } from "./config.js";
import { type Inspected, inspectPages } from "./inspect.js";
import { createResolve, type Resolve } from "./links.js";
import { ICON, SOURCE_CSS } from "./look.js";
import { copyMermaid } from "./mermaid.js";
import { addressOf, fileAddress, PLAYGROUND, type SitePage, sourceAddress } from "./place.js";
import { sourceRenderer } from "./sources.js";

/** What a site is made of. */
export interface SiteRequest {
  /** The repository. */
  readonly root: string;
  readonly pages: readonly SitePage[];
  /** Pictures that are no files of the repository: their text, by path from its root. */
  readonly pictures?: ReadonlyMap<string, string>;
  /** Where the site will be served: "/", or a path with a slash at both ends. */
  readonly base: string;
  /** A folder of ours for all that is made on the way; below the repository, since VitePress looks there for packages. */
  readonly scratch: string;
  readonly signal: AbortSignal;
  /** Only these are built, for a look at a part of the site; links to the others count as right. */
  readonly only?: (page: SitePage) => boolean;
  readonly onStage?: (text: string) => void;
}

/** A site that has been built and looked at. */
export interface Site extends Built {
  readonly inspected: Inspected;
}

/**
 * Writes all that VitePress reads: pages, the sources and pictures that they link to, mermaid, and its configuration.
 *
 * @throws BadInputError for links that lead nowhere, each with its file and line
 */
export async function prepareSite(request: SiteRequest, out: string): Promise<Inspected> {
  const { root, pages, base, scratch } = request;
  const made = [...(request.pictures?.keys() ?? [])];
  const resolve = createResolve(root, pages, made);
  const inspected = inspectPages(pages, resolve);
  const own = pages.filter((page) => request.only?.(page) ?? true);
  if (inspected.problems.length > 0)
    throw new BadInputError(`links of the documents are broken:\n${list(inspected.problems)}`, {
      hint: "Each begins with the file and the line that it stands in.",
    });
  const site: SiteFile = { root, base, out, pages, made };
  await write(join(scratch, SITE_FILE), JSON.stringify(site));
  // VitePress runs in a process of its own, which can't load TypeScript.
  const config = JSON.stringify(join(root, "dist", "conformance", "program", "site", "config.js"));
  const viewer = join(root, "conformance", "program", "site", "viewer");
  await write(
    join(scratch, ".vitepress", "config.mjs"),
    `import { siteConfig } from ${config};\nexport default siteConfig(${JSON.stringify(scratch)});\n`,
  );
  await write(
    join(scratch, ".vitepress", "theme", "index.ts"),
    // After the theme's own, which it changes.
    `export { theme as default } from ${JSON.stringify(join(viewer, "theme.ts"))};\nimport ${JSON.stringify(join(viewer, "site.css"))};\n`,
  );
  for (const { path, text } of own) await write(join(scratch, "pages", path), text);
  const shown = own.length === pages.length ? inspected : inspectPages(own, resolve);
  await writePublic(join(scratch, "pages", "public"), request, shown, resolve);
  return inspected;
}

async function writePublic(
  folder: string,
  { root, base, pictures }: SiteRequest,
  { sources, files }: Inspected,
  resolve: Resolve,
): Promise<void> {
  const place = (address: string): string => join(folder, decodeURI(address));
  const { render, done } = await sourceRenderer(root, base);
  for (const path of sources) await write(place(sourceAddress(path)), render(path));
  done();
  await write(place("source.css"), SOURCE_CSS);
  await write(place(ICON.address), ICON.text);
  await write(place(PLAYGROUND), playground());
  for (const path of files) {
    const from = join(root, path);
    const to = place(fileAddress(path));
    const picture =
      pictures?.get(path) ?? (extname(path) === ".svg" ? await readFile(from, "utf8") : undefined);
    if (picture !== undefined) await write(to, pictureWithLinks(picture, path, base, resolve));
    else {
      await mkdir(dirname(to), { recursive: true });
      await copyFile(from, to);
    }
  }
  copyMermaid(join(folder, "mermaid"));
}

/** A picture whose links, too, lead to pages of the site. */
function pictureWithLinks(text: string, path: string, base: string, resolve: Resolve): string {
  return text.replace(/\b(href)="([^"#][^"]*)"/g, (whole, name: string, href: string) => {
    const target = resolve(path, href.replaceAll("&amp;", "&"));
    if (target.kind === "broken")
      throw new BadInputError(`${path}: the link ${href} is broken: ${target.reason}`);
    return target.kind === "outside" || target.kind === "words"
      ? whole
      : `${name}="${base}${target.address}"`;
  });
}

/**
 * Builds a site and looks at every link in it.
 *
 * @param out where it goes; what was there is replaced when all is well
 * @throws BadInputError for links and anchors that lead nowhere
 * @throws EnvironmentError when VitePress fails
 */
export async function buildSite(request: SiteRequest, out: string): Promise<Site> {
  const draft = join(request.scratch, "out");
  request.onStage?.(`docs: ${request.pages.length} pages, their links, and the sources they lead to`);
  const inspected = await prepareSite(request, draft);
  request.onStage?.("docs: VitePress");
  await vitepress("build", request);
  const isOwn = request.only ?? (() => true);
  const leftOut = request.pages.filter((page) => !isOwn(page)).map(({ path }) => decodeURI(addressOf(path)));
  const built = checkBuilt(draft, request.base, new Set(leftOut));
  if (built.problems.length > 0)
    throw new BadInputError(`links of the built site are broken:\n${list(built.problems)}`);
  for (const { path } of request.pages.filter(isOwn))
    if (!existsSync(join(draft, decodeURI(addressOf(path)))))
      throw new EnvironmentError(`VitePress made no page of ${path}`, { where: path });
  await mkdir(dirname(out), { recursive: true });
  await rm(out, { recursive: true, force: true });
  await rename(draft, out);
  return { ...built, inspected };
}

/** Runs VitePress on what `prepareSite` has written: `build`, or `dev`, which serves until it is interrupted. */
export async function vitepress(
  command: "build" | "dev",
  { scratch, signal }: SiteRequest,
  onOutput?: (text: string) => void,
): Promise<void> {
  const program = join(
    dirname(createRequire(import.meta.url).resolve("vitepress/package.json")),
    "bin",
    "vitepress.js",
  );
  const env = {
    NODE_ENV: command === "build" ? "production" : "development",
    NO_COLOR: "1",
    FORCE_COLOR: undefined,
  };
  const { exitCode, aborted, stdout, stderr } = await run(process.execPath, [program, command, scratch], {
    cwd: scratch,
    env,
    signal,
    ...(onOutput && { onStdout: onOutput, onStderr: onOutput }),
  });
  if (aborted) throw new Interrupted();
  if (exitCode !== 0)
    throw new EnvironmentError(`vitepress ${command} failed`, {
      hint: `${stdout}\n${stderr}`.trim().slice(-4000),
    });
}

function list(problems: readonly string[]): string {
  const most = 50;
  const more = problems.length - most;
  return problems
    .slice(0, most)
    .map((one) => `  ${one}\n`)
    .join("")
    .concat(more > 0 ? `  and ${more} more\n` : "")
    .trimEnd();
}

async function write(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}

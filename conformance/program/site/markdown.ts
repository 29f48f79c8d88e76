import type MarkdownIt from "markdown-it";
import type Token from "markdown-it/lib/token.mjs";
import { linkTo } from "../playground/viewer/link.js";
import type { Resolve } from "./links.js";
import { PLAYGROUND } from "./place.js";

/** What a link or a picture of a document was found to be. */
export interface Seen {
  readonly href: string;
  /** From 1. */
  readonly line: number;
  readonly target: ReturnType<Resolve>;
}

/** What a page says about itself while it is rendered. */
export interface PageEnv {
  /** VitePress's: the page below the site's root. */
  relativePath?: string;
  /** Filled if it is there. */
  seen?: Seen[];
}

export interface SiteMarkdown {
  readonly resolve: Resolve;
  /** The file of the repository that a page is made from. */
  readonly fromOf: (page: string) => string;
  /** "/", or "/quiesce/". */
  readonly base: string;
}

/** Where the index of claims gets its filter. Texts of claims are escaped, so that none of them can say this. */
export const FILTER = "<!-- filter -->";

/**
 * What the site's Markdown may hold besides Markdown. VitePress takes pages for templates of Vue, in which a tag can be a
 * component, an attribute a program and `{{ }}` an expression. Only these tags with these attributes stay; every other
 * one is shown as the text that it is, so that what a specification says cannot run.
 */
const TAGS = /^(?:a|details|summary|br|sub|sup|kbd|b|i|em|strong|code|p|div|span|img|hr)$/i;
const ATTRIBUTE = /\s+(id|name|href|src|alt|title|width|height|align|open)(?:="([^"<>]*)")?/gy;
const HTML = /<!--[\s\S]*?-->|<(\/?)([a-z][a-z\d-]*)((?:\s+[a-z-]+(?:="[^"<>]*")?)*)\s*\/?>/gi;

/** How a litmus test in the kernel's format begins. */
const LITMUS = /^C [\w+.-]+\n\s*\{/;

/** Makes Markdown safe for Vue, its diagrams figures, and its links links of the site. */
export function siteMarkdown(md: MarkdownIt, { resolve, fromOf, base }: SiteMarkdown): void {
  md.core.ruler.disable("emoji", true);
  md.block.ruler.disable(["snippet", "toc"], true);
  const linkOf = (href: string, line: number, env: PageEnv): ReturnType<Resolve> => {
    const target = resolve(fromOf(env.relativePath ?? ""), href);
    env.seen?.push({ href, line, target });
    return target;
  };
  const html = (text: string, line: number, env: PageEnv): string =>
    text.trim() === FILTER
      ? "<ClaimFilter></ClaimFilter>\n"
      : onlyAllowed(text, (href) => linkOf(href, line, env), base);
  const { rules } = md.renderer;
  rules["html_block"] = (tokens, at, _options, env) =>
    html(tokens[at]?.content ?? "", lineOf(tokens[at]), env);
  rules["html_inline"] = (tokens, at, _options, env) =>
    html(tokens[at]?.content ?? "", lineOf(tokens[at]), env);
  rules["link_open"] = (tokens, at, options, env, self) => {
    const token = tokens[at] as Token;
    // What a heading links to itself by.
    if (token.attrGet("class") === "header-anchor") return self.renderToken(tokens, at, options);
    const target = linkOf(token.attrGet("href") ?? "", lineOf(token), env);
    if (target.kind === "words" || target.kind === "broken") {
      const close = tokens.findIndex(
        ({ type, level }, i) => i > at && type === "link_close" && level === token.level,
      );
      if (close > 0) (tokens[close] as Token).hidden = true;
      return "";
    }
    for (const [name, value] of attributesOf(target, base)) token.attrSet(name, value);
    return self.renderToken(tokens, at, options);
  };
  rules["link_close"] = (tokens, at, options, _env, self) =>
    tokens[at]?.hidden === true ? "" : self.renderToken(tokens, at, options);
  rules["image"] = (tokens, at, options, env, self) => {
    const token = tokens[at] as Token;
    const target = linkOf(token.attrGet("src") ?? "", lineOf(token), env);
    const alt = self.renderInlineAsText(token.children ?? [], options, env);
    if (target.kind !== "file") return md.utils.escapeHtml(alt);
    const title = token.attrGet("title");
    return `<img src="${base}${target.address}" alt="${md.utils.escapeHtml(alt)}"${
      title === null ? "" : ` title="${md.utils.escapeHtml(title)}"`
    } loading="lazy">`;
  };
  const fence = rules["fence"];
  rules["fence"] = (tokens, at, options, env, self) => {
    const { info = "", content = "" } = tokens[at] ?? {};
    if (info.trim() === "mermaid") return `<Diagram code="${encodeURIComponent(content)}"></Diagram>\n`;
    const shown = fence?.(tokens, at, options, env, self) ?? "";
    if (!LITMUS.test(content)) return shown;
    const address = `${base}${PLAYGROUND}${linkTo({ text: content, letter: "" })}`;
    return `${shown}<p><a href="${address}" target="_self">Decide it in the playground</a></p>\n`;
  };
  // The lines of links: tokens within a line know only their paragraph's, so the breaks before them are counted.
  md.core.ruler.push("quiesce-lines", ({ tokens }) => {
    for (const block of tokens) {
      // The theme knows only fences: what is indented is one without a name.
      if (block.type === "code_block") {
        block.type = "fence";
        block.info = "text";
      }
      let line = (block.map?.[0] ?? 0) + 1;
      if (block.children === null) block.meta = { ...(block.meta as object), line };
      for (const child of block.children ?? []) {
        child.meta = { ...(child.meta as object), line };
        if (child.type === "softbreak" || child.type === "hardbreak") line += 1;
      }
    }
  });
  const render = md.renderer.render.bind(md.renderer);
  // No text is an expression of Vue's, wherever it stands.
  md.renderer.render = (tokens, options, env) =>
    render(tokens, options, env).replaceAll("{{", "&#123;&#123;");
}

function lineOf(token: Token | undefined): number {
  const { line = 1 } = (token?.meta ?? {}) as { readonly line?: number };
  return line;
}

function attributesOf(target: ReturnType<Resolve>, base: string): [string, string][] {
  switch (target.kind) {
    case "outside":
      return [
        ["href", target.address],
        ["target", "_blank"],
        ["rel", "noreferrer"],
      ];
    case "page":
      return [["href", base + target.address]];
    case "source":
    case "file":
      // Not a page of VitePress's: it must not load it as one.
      return [
        ["href", base + target.address],
        ["target", "_self"],
      ];
    default:
      return [];
  }
}

/** The HTML with every tag that is not allowed as text. */
function onlyAllowed(text: string, linkOf: (href: string) => ReturnType<Resolve>, base: string): string {
  let shown = "";
  let from = 0;
  for (const match of text.matchAll(HTML)) {
    shown += escapeText(text.slice(from, match.index));
    from = match.index + match[0].length;
    const [whole, end = "", tag, attributes = ""] = match;
    if (tag === undefined) continue;
    shown += TAGS.test(tag) ? `<${end}${tag}${allowed(attributes, linkOf, base)}>` : escapeText(whole);
  }
  return shown + escapeText(text.slice(from));
}

function allowed(attributes: string, linkOf: (href: string) => ReturnType<Resolve>, base: string): string {
  return [...attributes.matchAll(ATTRIBUTE)]
    .map(([, name = "", value]) => {
      if (name !== "href" && name !== "src") return value === undefined ? ` ${name}` : ` ${name}="${value}"`;
      return attributesOf(linkOf(value ?? ""), base)
        .filter(([own]) => own !== "href" || name === "href" || name === "src")
        .map(([own, address]) =>
          name === "src" ? (own === "href" ? ` src="${address}"` : "") : ` ${own}="${address}"`,
        )
        .join("");
    })
    .join("");
}

/** Entities stay as they are. */
function escapeText(text: string): string {
  return text.replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** An anchor as GitHub makes it from a heading, since the documents are read there, too. */
export function slug(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, "")
    .replaceAll(" ", "-");
}

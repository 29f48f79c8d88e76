import { posix } from "node:path";
import type { SourceText, Violation } from "./rules.js";

/** Every module has its place in the chapter, so that a reader who follows it meets them all. */
export function unmentioned(chapter: SourceText, modules: readonly string[]): Violation[] {
  const links = new Set(linksOf(chapter));
  return modules
    .filter((module) => !links.has(module))
    .map((module) => ({ where: chapter.path, reason: `no line leads to ${module}` }));
}

/** A link of a page leads somewhere; links to other hosts, and anchors, are not checked. */
export function brokenLinks(page: SourceText, exists: (path: string) => boolean): Violation[] {
  return linksOf(page)
    .filter((target) => !exists(target))
    .map((target) => ({ where: page.path, reason: `a link leads to ${target}, which isn't there` }));
}

/** A claim's source is something that its reader can find. */
export function obscureSource({ path, text }: SourceText): Violation[] {
  const source = /^\\\*\s*Source:\s*(.*)/m.exec(text)?.[1] ?? "";
  if (source === "") return [{ where: path, reason: "the claim names no source" }];
  return /\bdesign\b/.test(source)
    ? [{ where: path, reason: "its source is a document that is not in the repository" }]
    : [];
}

/** Where a page's relative links lead to, from the root of the repository. */
function linksOf({ path, text }: SourceText): string[] {
  const targets = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target as string);
  return targets
    .filter((target) => !/^(?:[a-z]+:|#)/.test(target))
    .map((target) =>
      posix.join(posix.dirname(path), decodeURIComponent(target.replace(/#.*/, ""))).replace(/\/$/, ""),
    );
}

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { SOURCES } from "./root.js";

const page = readFileSync(join(SOURCES, "LIBURCU.md"), "utf8");

/** Names of the page's tables, and of its text, that stand between backquotes. */
const mentioned = new Set(
  [...page.matchAll(/`([^`]*)`/g)].flatMap(([, code]) => (code ?? "").match(/\w+/g) ?? []),
);

const headers = readdirSync(join(SOURCES, "include", "quiesce")).filter((name) => name.endsWith(".h"));
const ours = headers
  .map((name) => readFileSync(join(SOURCES, "include", "quiesce", name), "utf8"))
  .join("\n");

const missingHere = (names: Iterable<string>): string[] =>
  [...names].filter((name) => /^(qs|QS)_[A-Za-z]/.test(name) && !new RegExp(`\\b${name}\\b`).test(ours));

const FOLDERS = ["/usr/include", `/usr/include/${process.arch === "arm64" ? "aarch64" : "x86_64"}-linux-gnu`];
const folder = FOLDERS.map((root) => join(root, "urcu")).find((path) => existsSync(join(path, "rculist.h")));

/** What a header of liburcu's offers under a plain name; a name that begins with "_" is the same function, inline. */
function offered(urcu: string): Set<string> {
  const read = (name: string): string =>
    existsSync(join(urcu, name)) ? readFileSync(join(urcu, name), "utf8") : "";
  const all = (text: string, pattern: RegExp): string[] =>
    [...text.matchAll(pattern)].map(([, name]) => name ?? "");
  const map = read("map/urcu-memb.h").split("#elif")[0] ?? "";
  return new Set(
    [
      ...all(map, /^#define\s+(\w+)/gm),
      ...all(read("pointer.h"), /^#define\s+(rcu_\w+)/gm),
      ...all(read("pointer.h"), /\b(rcu_\w+)\(/g),
      ...all(read("rculist.h"), /\b(cds_list_\w+_rcu\w*)\(/g),
      ...all(read("rcuhlist.h"), /\b(cds_hlist_\w+_rcu\w*)\(/g),
      ...all(read("rculfhash.h"), /\b(cds_lfht_\w+)\(/g),
      ...all(read("urcu-poll.h"), /\b(\w*poll\w*)\(/g),
    ]
      .filter((name) => !name.startsWith("_") && !name.endsWith("_memb"))
      .map((name) => name.replace("rcu_memb_", "rcu_")),
  );
}

describe("the page for those who come from liburcu", () => {
  it("names nothing of ours that is not in the headers", () => expect(missingHere(mentioned)).toEqual([]));

  it("would notice a name that is not", () => expect(missingHere(["qs_nothing"])).toEqual(["qs_nothing"]));

  it.skipIf(folder === undefined)("leaves out nothing that liburcu's headers offer", () => {
    const names = offered(folder ?? "");
    expect(names.size).toBeGreaterThan(50);
    expect([...names].filter((name) => !mentioned.has(name))).toEqual([]);
  });
});

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { linkedPages } from "./linked.js";

const root = mkdtempSync(join(tmpdir(), "quiesce-linked-"));
afterAll(() => rmSync(root, { recursive: true }));

const FILES: Readonly<Record<string, string>> = {
  "README.md": "[one](spec/generated/claims/a/one.md) and [the index](spec/generated/claims/README.md)",
  "spec/README.md":
    "[`two`](generated/claims/a/two%20b.md#TRUE.tso), [words](#a.md), [out](https://x.org/a.md)",
  "spec/picture.svg": '<a href="generated/claims/three.md#x"><rect/></a>',
  "spec/old.md": "[before](generated/claims/before.md)",
  // A page's own links make no other page, and what is built is no document.
  "spec/generated/claims/a/one.md": "[four](four.md)",
  "build/docs.md": "[five](../spec/generated/claims/five.md)",
};

it("finds the pages that documents and pictures lead to, as these are about to be", async () => {
  for (const [path, text] of Object.entries(FILES)) {
    mkdirSync(join(root, path, ".."), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const made = [
    { path: "spec/old.md", text: "[now](generated/claims/now.md)" },
    { path: "spec/new.md", text: "[new](generated/claims/new.md)" },
    { path: "spec/data.json", text: '"](generated/claims/no.md)"' },
  ];
  const found = await linkedPages(root, made);
  expect([...found].toSorted()).toEqual(
    ["README", "a/one", "a/two b", "new", "now", "three"].map((name) => `spec/generated/claims/${name}.md`),
  );
});

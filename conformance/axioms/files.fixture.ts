import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../base/root.js";
import { type CompiledTest, compileTest } from "../litmus/compile.js";
import { parseLitmus } from "../litmus/parser.js";

/** The folders of this repository that hold litmus tests. */
const FOLDERS = ["litmus", "silicon", "axioms"].map((floor) => join(root, "conformance", floor, "tests"));

/** Every litmus test of this repository, by its file's name. */
export function allFiles(): Map<string, string> {
  return new Map(
    FOLDERS.flatMap((folder) =>
      readdirSync(folder)
        .filter((file) => file.endsWith(".litmus"))
        .map((file) => [file.replace(/\.litmus$/, ""), readFileSync(join(folder, file), "utf8")] as const),
    ),
  );
}

export const compiled = (text: string): CompiledTest => compileTest(parseLitmus(text));

import { copyFileSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** The kinds of diagrams that our documents have, by the names of mermaid's files. */
const KINDS = /^(?:sequenceDiagram|flowDiagram|stateDiagram|dagre)-/;
const IMPORT = /(?:from|import)\s*"(\.[^"]+)"|import\("(\.[^"]+)"\)/g;

/** Copies mermaid, as the browser loads it, without the parts that none of our diagrams needs. */
export function copyMermaid(folder: string): void {
  const entry = join(dirname(createRequire(import.meta.url).resolve("mermaid")), "mermaid.esm.min.mjs");
  const from = dirname(entry);
  const todo = [entry];
  const done = new Set<string>();
  for (let file = todo.pop(); file !== undefined; file = todo.pop()) {
    if (done.has(file)) continue;
    done.add(file);
    for (const [, always, sometimes] of readFileSync(file, "utf8").matchAll(IMPORT)) {
      if (always !== undefined) todo.push(join(dirname(file), always));
      else if (sometimes !== undefined && KINDS.test(sometimes.split("/").at(-1) ?? ""))
        todo.push(join(dirname(file), sometimes));
    }
    const to = join(folder, file.slice(from.length));
    mkdirSync(dirname(to), { recursive: true });
    copyFileSync(file, to);
  }
}

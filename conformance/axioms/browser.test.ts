import { join } from "node:path";
import { build } from "esbuild";
import { describe, expect, it } from "vitest";
import { root } from "../base/root.js";

/** Everything that a page needs to decide what somebody types. */
const PAGE = `
  export { parseLitmus } from "./conformance/litmus/parser.js";
  export { compileTest } from "./conformance/litmus/compile.js";
  export { judge } from "./conformance/litmus/result.js";
  export { decideByAxioms } from "./conformance/axioms/decide.js";`;

async function bundled(contents: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: join(root, "dist"), loader: "ts" },
    bundle: true,
    platform: "browser",
    format: "esm",
    write: false,
    logLevel: "silent",
  });
  return outputFiles[0]?.text ?? "";
}

describe("the axioms in a browser", () => {
  it("need nothing of Node's, and decide there as here", async () => {
    const text = await bundled(PAGE);
    const page = (await import(`data:text/javascript,${encodeURIComponent(text)}`)) as {
      parseLitmus: typeof import("../litmus/parser.js").parseLitmus;
      compileTest: typeof import("../litmus/compile.js").compileTest;
      judge: typeof import("../litmus/result.js").judge;
      decideByAxioms: typeof import("./decide.js").decideByAxioms;
    };
    const test = page.compileTest(
      page.parseLitmus(
        "C SB\n{}\nP0(int *x, int *y) { WRITE_ONCE(*x, 1); int r = READ_ONCE(*y); }\nP1(int *x, int *y) { WRITE_ONCE(*y, 1); int r = READ_ONCE(*x); }\nexists (0:r=0 /\\ 1:r=0)",
      ),
    );
    expect(page.judge(test, page.decideByAxioms(test, ["sc", "tso"], { timeoutMs: 60_000 }))).toMatchObject([
      { observation: "Never" },
      { observation: "Sometimes" },
    ]);
  });

  it("would notice an import of Node's", async () => {
    const more = `${PAGE}\nexport { axiomsEngine } from "./conformance/axioms/workers.js";`;
    await expect(bundled(more)).rejects.toThrow(/node:/);
  });
});

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { describe, expect, it } from "vitest";
import { withScratch } from "../base/scratch.js";
import type { ModuleClosure } from "../claim/modules.js";
import { readMessages } from "../output/messages.js";
import { readReport } from "../output/report.js";
import type { Tools } from "../tools/tools.js";
import type { TlcOutcome } from "./outcome.js";
import { recall, remember, resultFile } from "./results.js";

const tools = (cache: string, sha256 = "1"): Pick<Tools, "cache" | "jar"> => ({
  cache,
  jar: { path: "/x.jar", sha256, verified: true, source: "cache" },
});
const closure = (texts: Record<string, string>, folder = "/a"): ModuleClosure => ({
  files: Object.entries(texts).map(([name, text]) => ({ name, path: `${folder}/${name}.tla`, text })),
  folders: [folder],
  impure: false,
  stubs: [],
  jars: [],
  java: [],
});
const modules = closure({ A: "a", B: "b" });
const config = "\\* Claim: x\nSPECIFICATION Spec\n";

const said = [
  "@!@!@STARTMSG 2262:0 @!@!@\nTLC2 Version 2.18 of 20 March 2023\n@!@!@ENDMSG 2262 @!@!@",
  "@!@!@STARTMSG 2110:1 @!@!@\nInvariant Safe is violated.\n@!@!@ENDMSG 2110 @!@!@",
  "@!@!@STARTMSG 2217:4 @!@!@\n1: <Initial predicate>\nx = [a |-> {1}]\n\n@!@!@ENDMSG 2217 @!@!@",
];
const messages = readMessages(said.join("\n"));
const outcome: TlcOutcome = {
  exitCode: 12,
  timedOut: false,
  messages,
  report: readReport(messages),
  stderr: "",
  seconds: 1.5,
};

describe("resultFile", () => {
  it("is the same for the same content, wherever the files are and whatever the comments say", () => {
    const file = resultFile(tools("/c"), config, modules);
    expect(resultFile(tools("/c"), config, closure({ A: "a", B: "b" }, "/other"))).toBe(file);
    expect(resultFile(tools("/c"), config.replace("x", "y"), modules)).toBe(file);
  });

  it("is different when the configuration, a module, its name or the jar changes", () => {
    const files = [
      resultFile(tools("/c"), config, modules),
      resultFile(tools("/c"), config.replace("Spec", "Spec2"), modules),
      resultFile(tools("/c"), config, closure({ A: "a", B: "b2" })),
      resultFile(tools("/c"), config, closure({ A: "a", C: "b" })),
      resultFile(tools("/c"), config, closure({ A: "a" })),
      resultFile(tools("/c"), config, closure({ B: "b", A: "a" })),
      resultFile(tools("/c", "2"), config, modules),
    ];
    expect(new Set(files).size).toBe(files.length);
  });

  it("is not misled by a comment over several lines that ends on a line that looks like one", () => {
    const tricky = (name: string) => resultFile(tools("/c"), `(*\n\\* *) INVARIANT ${name}\n`, modules);
    expect(tricky("Weak")).not.toBe(tricky("Strong"));
  });

  it("does not exist when the outcome depends on more than the content", () => {
    expect(resultFile(tools("/c"), config, { ...modules, impure: true })).toBeUndefined();
  });
});

describe("a cached run", () => {
  it("comes back with everything that TLC said", async () => {
    await withScratch("test", async (cache) => {
      const file = resultFile(tools(cache), config, modules) ?? "";
      expect(await recall(file, modules)).toBeUndefined();
      await remember(file, outcome);
      expect(await recall(file, modules)).toEqual(outcome);
    });
  });

  it("names the modules' files where they are now, not where another copy of them was", async () => {
    const counted = readMessages(
      [
        "@!@!@STARTMSG 2220:0 @!@!@\nStarting SANY...\n@!@!@ENDMSG 2220 @!@!@",
        "Parsing file /another/copy/A.tla",
        "@!@!@STARTMSG 2219:0 @!@!@\nSANY finished.\n@!@!@ENDMSG 2219 @!@!@",
        "@!@!@STARTMSG 2201:0 @!@!@\nThe coverage statistics\n@!@!@ENDMSG 2201 @!@!@",
        "@!@!@STARTMSG 2772:0 @!@!@\n<Next line 3, col 1 to line 3, col 9 of module A>: 1:2\n@!@!@ENDMSG 2772 @!@!@",
      ].join("\n"),
    );
    const placeOf = ({ report }: TlcOutcome) => report.actions?.[0]?.location.file;
    const before: TlcOutcome = { ...outcome, messages: counted, report: readReport(counted) };
    expect(placeOf(before)).toBe("/another/copy/A.tla");
    await withScratch("test", async (cache) => {
      const file = resultFile(tools(cache), config, modules) ?? "";
      await remember(file, before);
      const found = await recall(file, modules);
      expect(found && placeOf(found)).toBe("/a/A.tla");
    });
  });

  it("is ignored when the file is malformed", async () => {
    await withScratch("test", async (cache) => {
      const file = resultFile(tools(cache), config, modules) ?? "";
      await remember(file, outcome);
      const whole = readFileSync(file, "utf8");
      mkdirSync(dirname(file), { recursive: true });
      for (const text of ["", whole.slice(0, 100), "{}", whole.replace('"format":1', '"format":0'), "null"]) {
        writeFileSync(file, text);
        expect(await recall(file, modules)).toBeUndefined();
      }
    });
  });

  it("is not kept when TLC did not end, and a missing cache is not an error", async () => {
    await withScratch("test", async (cache) => {
      const file = resultFile(tools(cache), config, modules) ?? "";
      const { exitCode: _, ...killed } = outcome;
      await remember(file, killed);
      expect(await recall(file, modules)).toBeUndefined();
      await remember("/dev/null/nowhere/file", outcome);
    });
  });
});

import { describe, expect, it } from "vitest";
import { readConfig } from "../claim/config.js";
import type { SpecProblem } from "../output/problems.js";
import { readReport } from "../output/report.js";
import type { Abilities } from "../tools/abilities.js";
import { advise } from "./advice.js";

const OLD = {
  version: "2.18",
  alias: false,
  postcondition: false,
  tuples: false,
  negativeNumbers: false,
  unicode: false,
} as Abilities;
const NEW = {
  version: "2.20",
  alias: true,
  postcondition: true,
  tuples: true,
  negativeNumbers: true,
  unicode: true,
} as Abilities;

/** What is made of one error of TLC's. */
function advised(
  error: SpecProblem,
  text = "",
  abilities = OLD,
  stubs: readonly string[] = [],
): SpecProblem | undefined {
  const files = [
    { name: "J", path: "/s/J.tla", text: "---- MODULE J ----\n\\* Json\nEXTENDS Integers, Json\n====" },
  ];
  const modules = { files, folders: ["/s"], impure: false, stubs, jars: [], java: [] };
  const report = { ...readReport([]), errors: [error] };
  return advise(report, { config: readConfig(text), text, file: "/s/J.cfg", modules, abilities }).errors[0];
}

const CONFIG = { kind: "config", message: "It was expecting = or <-, but did not find it." } as const;
const MODEL = "INIT Init\nNEXT Next\n";

describe("advise", () => {
  it.each([
    ["ALIAS Al", "has no ALIAS; set TLA2TOOLS_JAR", 1],
    ["PROPERTY A!Spec", "reads no A!Spec in a configuration: define  ASpec == A!Spec", 10],
    ["POSTCONDITION Post", "has no POSTCONDITION; set TLA2TOOLS_JAR", 1],
    ["CONSTANT N = -1", "reads no negative number in a configuration: define Value == -1", 14],
    ["CONSTANT N = {1, -2}", "reads no negative number", 14],
    ["CONSTANT N = <<1, 2>>", "reads no tuple in a configuration: define Value == <<1, 2>>", 14],
  ])("names %s as what this TLC lacks, with its place", (line, message, column) => {
    expect(advised(CONFIG, MODEL + line)).toMatchObject({
      message: expect.stringContaining(message),
      location: { file: "/s/J.cfg", line: 3, column },
    });
  });

  it("leaves alone what this TLC has, and what it does not know", () => {
    expect(advised(CONFIG, `${MODEL}ALIAS Al`, NEW)).toEqual(CONFIG);
    for (const value of ["-1", "<<1>>"])
      expect(advised(CONFIG, `${MODEL}CONSTANT N = ${value}`, NEW)).toEqual(CONFIG);
    for (const value of ["1", '"<<-1>>"', "{a-1}"])
      expect(advised(CONFIG, `${MODEL}CONSTANT N = ${value}`)).toEqual(CONFIG);
    const other: SpecProblem = { kind: "evaluation", message: "Attempted to check equality" };
    expect(advised(other, `${MODEL}ALIAS Al`)).toEqual(other);
  });

  it.each([
    ["Json", "it is one of the CommunityModules; give their jar"],
    ["TLCExt", "TLC 2.18 does not have it; set TLA2TOOLS_JAR"],
    ["Apalache", "it is Apalache's"],
    ["ByzTheorems", "give the folder that has it (of TLAPS, or of the CommunityModules)"],
    ["Mine", "it is neither beside the module nor below the folder"],
  ])("says who has a missing module %s", (name, who) => {
    const message = `Cannot find source file for module ${name} imported in module J.`;
    expect(advised({ kind: "semantic", message })?.message).toContain(`there is no module ${name}: ${who}`);
  });

  it("says where a missing module is named, which is not in a comment", () => {
    const message = "Cannot find source file for module Json imported in module J.";
    const place = { file: "/s/J.tla", module: "J", line: 3, column: 19, endColumn: 22 };
    expect(advised({ kind: "semantic", message })?.location).toEqual(place);
  });

  it("names Unicode, and what to write", () => {
    const message = 'Lexical error at line 4, column 15.  Encountered: "\\u2227" (8743), after : ""';
    expect(advised({ kind: "parse", message })?.message).toContain('there is "∧": write it as ASCII (/\\)');
  });

  it.each([
    ['ASSUME TLCGet("-Dtlc2.tool.impl.Tool.cdot") = "true"', "Java-properties: tlc2.tool.impl.Tool.cdot="],
    ['ASSUME TLCGet("config").mode = "generate"', "the `mode` of TLC's run"],
    ["ASSUME 1 = 2", undefined],
  ])("says what %s asks for: nothing about the claim", (text, help) => {
    const files = [{ name: "J", path: "/s/J.tla", text: `---- MODULE J ----\n${text}\n====` }];
    const location = { module: "J", line: 2, column: 8, endLine: 2, endColumn: text.length };
    const report = { ...readReport([]), violated: { kind: "assumption" as const, location } };
    const modules = { files, folders: ["/s"], impure: false, stubs: [], jars: [], java: [] };
    const now = { config: readConfig(""), text: "", file: "/s/J.cfg", modules, abilities: OLD };
    const { errors } = advise(report, now);
    if (help === undefined) expect(errors).toEqual([]);
    else expect(errors[0]?.message).toContain(help);
  });

  it.each([
    ["tlc2/value/impl/KSubsetValue", ["/l/cm.jar"], "of /l/cm.jar do not fit TLC 2.18: set TLA2TOOLS_JAR"],
    ["'void tlc2.value.impl.FcnRcdValue.<init>(java.util.Map)'", ["/l/cm.jar"], "do not fit TLC 2.18"],
    ["tlc2/overrides/A has been compiled (class file version 65.0)", ["/l/cm.jar"], "need a newer Java"],
    ["Attempted to enumerate S", [], "Attempted to enumerate S\nJson is here without its operators in Java"],
    ["Attempted to enumerate S", ["/l/cm.jar"], "Attempted to enumerate S"],
  ])("says what is wrong with a library's Java: %s with %j", (message, paths, expected) => {
    const files = [{ name: "Json", path: "/l/Json.tla", text: "" }];
    const jars = paths.map((path) => ({ path, sha256: "", listing: "" }));
    const location = { module: "Json", line: 1, column: 1, endLine: 1, endColumn: 1 };
    const report = { ...readReport([]), errors: [{ kind: "evaluation" as const, message, location }] };
    const modules = { files, folders: ["/s"], impure: false, stubs: [], jars, java: [] };
    const now = { config: readConfig(""), text: "", file: "/s/J.cfg", modules, abilities: OLD };
    const shown = advise(report, now).errors[0]?.message;
    if (expected === message) expect(shown).toBe(message);
    else expect(shown).toContain(expected);
  });

  it("says why a relative path leads nowhere", () => {
    const error: SpecProblem = { kind: "evaluation", message: "a.ndjson (No such file or directory)" };
    expect(advised(error)?.message).toContain("give an absolute one");
  });

  it("names what TLC can't be asked yet, and leaves a register of the specification's alone", () => {
    const of = (message: string) => advised({ kind: "evaluation", message })?.message;
    expect(of("TLCGet(config) was undefined.")).toMatch(
      /^TLC \S+ has no TLCGet\("config"\); set TLA2TOOLS_JAR/,
    );
    expect(of("TLCGet(1) was undefined.")).toBe("TLCGet(1) was undefined.");
  });

  it("blames a stub for what it does not define", () => {
    const error: SpecProblem = { kind: "semantic", message: "Unknown operator: `FoldFunction'." };
    expect(advised(error, "", OLD, ["Functions", "TLAPS"])?.message).toContain(
      "(Functions is a stub here: give the jar or folder of the CommunityModules with --library)",
    );
    expect(advised(error, "", OLD, ["TLAPS"])).toEqual(error);
  });
});

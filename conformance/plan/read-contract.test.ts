import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { BadInputError } from "../../spec/tlc/base/errors.js";
import { nameOf } from "../../spec/tlc/base/source-file.js";
import { contractFileOf, hasContract, readContract } from "./read-contract.js";

const folder = mkdtempSync(join(tmpdir(), "quiesce-contract-"));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
const written = (text: string): string => {
  const file = join(folder, `${++files}.contract.json`);
  writeFileSync(file, text);
  return file;
};

const GOOD = {
  lanes: [{ name: "worker", set: "Worker" }],
  steps: {
    Ask: "worker",
    Take: { parameters: { w: "worker", t: "Token" }, lane: "w", refusable: true },
    Flush: { parameters: { w: "Worker" }, hidden: true },
  },
  words: [
    { name: "x", value: "x" },
    { name: "held", each: { w: "Worker" }, value: "held[w]" },
  ],
  position: "pc[lane]",
};

describe("readContract", () => {
  it("says which parameter is the lane, and what each parameter ranges over", () => {
    const { steps, words, position } = readContract(written(JSON.stringify(GOOD)));
    expect(steps).toEqual([
      {
        name: "Ask",
        parameters: [{ name: "lane", set: "Worker" }],
        lane: "lane",
        hidden: false,
        refusable: false,
      },
      {
        name: "Take",
        parameters: [
          { name: "w", set: "Worker" },
          { name: "t", set: "Token" },
        ],
        lane: "w",
        hidden: false,
        refusable: true,
      },
      { name: "Flush", parameters: [{ name: "w", set: "Worker" }], hidden: "later", refusable: false },
    ]);
    expect(words[1]).toEqual({ name: "held", each: { name: "w", set: "Worker" }, value: "held[w]" });
    expect(position).toBe("pc[lane]");
  });

  const good = JSON.stringify(GOOD);
  it.each<[string, string, RegExp]>([
    ["is no JSON", "{", /is not JSON/],
    ["is a list", "[]", /must be object/],
    ["is too large", `${" ".repeat(1024 * 1024)}${good}`, /too large/],
    ["lacks a part", JSON.stringify({ ...GOOD, lanes: undefined }), /required property 'lanes'/],
    ["has a part that is none", JSON.stringify({ ...GOOD, lines: 1 }), /additional properties: lines/],
    [
      "has an empty expression",
      good.replace('"x","value":"x"', '"x","value":" "'),
      /\/words\/0\/value must match/,
    ],
    ["has a name that is none", good.replace('"worker"', '"a worker"'), /\/lanes\/0\/name must match/],
    [
      "has a kind of lanes twice",
      JSON.stringify({ ...GOOD, lanes: [...GOOD.lanes, ...GOOD.lanes] }),
      /two kinds/,
    ],
    [
      "has a word twice",
      JSON.stringify({ ...GOOD, words: [...GOOD.words, GOOD.words[0]] }),
      /\/words has x twice/,
    ],
    ["calls a kind of lanes environment", good.replace(/"worker"/g, '"environment"'), /can't have a kind/],
    ["names an unknown kind", good.replace('"Ask":"worker"', '"Ask":"wroker"'), /did you mean worker\?/],
    ["has its lane in no parameter", good.replace('"lane":"w"', '"lane":"v"'), /none of its parameters/],
    [
      "asks for a hidden step",
      good.replace('"refusable":true', '"refusable":true,"hidden":true'),
      /nobody can be/,
    ],
  ])("refuses a contract that %s", (_, text, message) => {
    const file = written(text);
    expect(() => readContract(file)).toThrow(BadInputError);
    expect(() => readContract(file)).toThrow(message);
  });

  it.each([
    [good.replace('"worker"', '"worker","name":"worker"'), "name", 1],
    ['{ "lanes": [],\n  "steps": { "Ask": "a",\n "\\u0041sk": {} } }', "Ask", 3],
  ])("refuses a name that stands twice in one object: JSON would keep the last", (text, name, line) => {
    const file = written(text);
    expect(() => readContract(file)).toThrow(`the contract has "${name}" twice in one object`);
    expect(() => readContract(file)).toThrow(expect.objectContaining({ where: `${nameOf(file)}:${line}` }));
  });

  it("refuses what is no ordinary file, and does not wait for a pipe", () => {
    const pipe = join(folder, "pipe");
    execFileSync("mkfifo", [pipe]);
    expect(() => readContract(pipe)).toThrow(/it is no ordinary file/);
    expect(() => readContract("/dev/zero")).toThrow(/it is no ordinary file/);
    expect(() => readContract(folder)).toThrow(/it is a folder/);
    writeFileSync(join(folder, "latin1"), new Uint8Array([0x22, 0xff, 0x22]));
    expect(() => readContract(join(folder, "latin1"))).toThrow(/is not UTF-8/);
  });

  it("says so when there is no file", () => {
    expect(() => readContract(join(folder, "none.json"))).toThrow(/there is no such file/);
  });
});

describe("contractFileOf", () => {
  const model = { file: join(folder, "M-small.cfg"), module: join(folder, "M.tla") };

  it("takes the claim's own before the module's, and says where to write one", async () => {
    expect(await hasContract(model)).toBe(false);
    await expect(contractFileOf(model)).rejects.toThrow(/M.tla has no contract/);
    writeFileSync(join(folder, "M.contract.json"), "{}");
    expect(await contractFileOf(model)).toBe(join(folder, "M.contract.json"));
    writeFileSync(join(folder, "M-small.contract.json"), "{}");
    expect(await contractFileOf(model)).toBe(join(folder, "M-small.contract.json"));
  });
});

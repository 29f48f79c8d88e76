import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readLetters } from "../base/letters.js";
import { root, specRoot } from "../base/root.js";
import { readContract } from "../plan/read-contract.js";
import { sourcesOf } from "./files.js";
import {
  folderCircles,
  importsOf,
  lettersEverywhere,
  noImportUp,
  oneDoorEach,
  oneWayImports,
} from "./rules.js";

const letters = readLetters(specRoot);
const sources = sourcesOf(root, [".ts", ".c", ".h", ".tla"]).filter(
  ({ path }) => !path.startsWith("conformance/house/"),
);
const imports = importsOf(sources.filter(({ path }) => path.endsWith(".ts")));

const ofPaths = (path: string, ...targets: string[]) => ({ path, targets });

describe("imports between rooms go one way, so that each room can be read, used and replaced alone", () => {
  it("holds", () => expect(oneWayImports(imports)).toEqual([]));

  it("would notice a room that uses conformance, or a neighbour", () => {
    const bad = importsOf([
      { path: "impl/a.ts", text: 'import { x } from "../conformance/b.js";' },
      { path: "impl/domain.ts", text: 'import type { Plan } from "../conformance/contract/plan.js";' },
      { path: "native/a.ts", text: 'export { x } from "../spec/tlc/run/run.js";' },
      { path: "spec/a.ts", text: 'import { x } from "quiesce/impl/domain";' },
      { path: "native/js/a.ts", text: 'const x = await import("../../spec/tlc/run/run.js");' },
    ]);
    expect(oneWayImports(bad)).toHaveLength(5);
  });
});

describe("each folder of spec/tlc and conformance uses only what is below it", () => {
  const code = imports.filter(({ path }) => !/\.(?:test|fixture)\.ts$/.test(path));

  it("holds", () => expect(noImportUp(code)).toEqual([]));

  it("would notice an import that goes up, and a folder that is on no floor", () => {
    const up = ofPaths("spec/tlc/run/x.ts", "spec/tlc/decide/check.ts");
    const late = importsOf([
      { path: "conformance/plan/x.ts", text: 'await import("../program/cli/main.js");' },
    ]);
    const nowhere = ofPaths("conformance/attic/x.ts");
    expect(noImportUp([...code, up, ...late, nowhere]).map(({ reason }) => reason)).toEqual([
      "spec/tlc/decide is above spec/tlc/run",
      "conformance/program/cli is above conformance/plan",
      "conformance/attic is not in FLOORS",
    ]);
  });

  it("no room has folders in a circle", () => expect(folderCircles(code)).toEqual([]));

  it("would notice a circle of three folders", () => {
    const circle = [
      ofPaths("impl/a/x.ts", "impl/b/y.ts"),
      ofPaths("impl/b/y.ts", "impl/c/z.ts"),
      ofPaths("impl/c/z.ts", "impl/a/x.ts"),
    ];
    expect(folderCircles([...code, ...circle])).toEqual([
      {
        where: "impl/c/z.ts imports impl/a/x.ts",
        reason: "folders in a circle: impl/a -> impl/b -> impl/c -> impl/a",
      },
    ]);
  });
});

describe("execa, stdatomic.h, fences, the system call and node_api.h are each named in only one file", () => {
  it("holds", () => expect(oneDoorEach(sources)).toEqual([]));

  it("would notice a second door, and a door that leads nowhere", () => {
    const second = { path: "native/src/x.c", text: "#include <stdatomic.h>" };
    expect(oneDoorEach([...sources, second])).toEqual([
      { where: "native/src/x.c", reason: "only native/include/quiesce/atomic.h may name <stdatomic.h>" },
    ]);
    const outside = { path: "native/src/x.c", text: "napi_value x;" };
    expect(oneDoorEach([...sources, outside])).toEqual([
      { where: "native/src/x.c", reason: "only native/addon/ may name Node-API's functions" },
    ]);
    expect(oneDoorEach([]).length).toBeGreaterThan(0);
  });
});

describe("every ordering point has one letter in every room", () => {
  const rooms = sources.filter(({ path }) => !path.startsWith("conformance/") && !path.endsWith(".test.ts"));

  it("holds", () => expect(lettersEverywhere(letters, rooms)).toEqual([]));

  it.each(letters.flatMap(({ letter, rooms: in_ }) => in_.map((room) => [letter, room] as const)))(
    "would notice that %s is missing in %s",
    (letter, room) => {
      const name = new RegExp(`\\b(Fence${letter}|fence_${letter.toLowerCase()})\\b`, "g");
      const without = rooms.map((file) =>
        file.path.startsWith(`${room}/`) ? { ...file, text: file.text.replace(name, "gone") } : file,
      );
      expect(lettersEverywhere(letters, without)).toContainEqual({
        where: room,
        reason: `the ordering point ${letter} is missing there`,
      });
    },
  );

  it("would notice a letter that is not in the table", () => {
    const extra = { path: "native/src/x.c", text: "fence_z();" };
    expect(lettersEverywhere(letters, [...rooms, extra]).map(({ reason }) => reason)).toEqual([
      "Z is not a letter in spec/letters.json",
    ]);
  });
});

describe("every step has one name in every room", () => {
  const file = join(root, "spec", "rcu", "number-steps", "Urcu.contract.json");
  const steps = readContract(file).steps.map(({ name }) => name);
  const code = sources.filter(({ path }) => !path.endsWith(".test.ts") && !path.endsWith(".fixture.ts"));
  const naming = (room: string, pattern: RegExp): string[] =>
    code.filter(({ path, text }) => path.startsWith(room) && pattern.test(text)).map(({ path }) => path);

  // Initialise and Use belong to the library's user: they are in the driver that follows a path.
  it.each(steps)("%s", (step) => {
    expect(naming("native/", new RegExp(`\\bQS_STEP\\(${step}\\)`))).not.toEqual([]);
    expect(naming("impl/", new RegExp(`["'.]?\\b${step}\\b["']?`))).not.toEqual([]);
  });

  it("would notice a step that no room has", () => {
    expect(naming("native/", /\bQS_STEP\(Dance\)/)).toEqual([]);
  });
});

describe("the steps of a domain in shared memory have one name in the specification and in C", () => {
  const read = (...path: string[]): string => readFileSync(join(root, ...path), "utf8");
  const specified = read("spec", "rcu", "shared-memory", "SharedMemory.tla");
  const stepsOf = (operator: string): string[] => {
    const [, body = ""] = new RegExp(`\\n${operator}\\(\\w\\) ==\\n((?:  .*\\n)+)`).exec(specified) ?? [];
    return [...body.matchAll(/(\w+)\(\w\)/g)].map(([, name = ""]) => name);
  };
  const inC = [...read("native", "include", "quiesce", "shared_step.h").matchAll(/\bX\((\w+)\)/g)].map(
    ([, name = ""]) => name,
  );

  // Dereference belongs to the user. FollowLimit is a return of the futex in Follow, behind which there is no access.
  it("holds", () => {
    const steps = [...stepsOf("ReaderStep"), ...stepsOf("Synchronize")];
    expect(steps.length).toBeGreaterThan(30);
    expect(inC).toEqual(steps.filter((name) => name !== "Dereference" && name !== "FollowLimit"));
  });

  it.each(inC)("C has a point for %s", (step) => {
    const sources = ["include/quiesce/shared.h", "src/shared.c", "src/shared_synchronize.c"];
    expect(sources.map((file) => read("native", file)).join("")).toContain(`QS_SHARED_STEP(${step});`);
  });
});

describe("TLA+ fits the page", () => {
  it.each(sources.filter(({ path }) => path.endsWith(".tla")))("$path", ({ text }) => {
    const long = text.split("\n").flatMap((line, i) => (line.length > 78 ? [i + 1] : []));
    expect(long, "lines of more than 78 columns").toEqual([]);
  });
});

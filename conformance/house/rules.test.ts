import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "../cli/context.js";
import { readSteps } from "../plan/instances.js";
import { sourcesOf } from "./files.js";
import { type Letter, lettersEverywhere, oneDoorEach, oneWayImports } from "./rules.js";

const letters = JSON.parse(readFileSync(join(root, "spec", "letters.json"), "utf8")) as Letter[];
const sources = sourcesOf(root, [".ts", ".c", ".h", ".tla"]).filter(
  ({ path }) => !path.startsWith("conformance/house/"),
);
const typescript = sources.filter(({ path }) => path.endsWith(".ts"));

describe("imports between rooms go one way, so that each room can be read, used and replaced alone", () => {
  it("holds", () => expect(oneWayImports(typescript)).toEqual([]));

  it("would notice a room that uses conformance, or a neighbour", () => {
    const bad = [
      { path: "impl/a.ts", text: 'import { x } from "../conformance/b.js";' },
      { path: "native/a.ts", text: 'export { x } from "../spec/tlc/run.js";' },
      { path: "spec/a.ts", text: 'import { x } from "quiesce/impl/domain";' },
    ];
    expect(oneWayImports(bad)).toHaveLength(3);
  });
});

describe("one file each names execa, stdatomic.h, fences, the system call and node_api.h", () => {
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
      "Z is no letter of spec/letters.json",
    ]);
  });
});

describe("every step has one name in every room", () => {
  const file = join(root, "spec", "rcu", "Urcu.tla");
  const steps = readSteps(readFileSync(file, "utf8"), file).map(({ name }) => name);
  const code = sources.filter(({ path }) => !path.endsWith(".test.ts") && !path.endsWith(".fixture.ts"));
  const naming = (room: string, pattern: RegExp): string[] =>
    code.filter(({ path, text }) => path.startsWith(room) && pattern.test(text)).map(({ path }) => path);

  // Initialise and Use are the library's user's: there they stand in what drives the library along a path.
  it.each(steps)("%s", (step) => {
    expect(naming("native/", new RegExp(`\\bQS_STEP\\(${step}\\)`))).not.toEqual([]);
    expect(naming("impl/", new RegExp(`["'.]?\\b${step}\\b["']?`))).not.toEqual([]);
  });

  it("would notice a step that no room has", () => {
    expect(naming("native/", /\bQS_STEP\(Dance\)/)).toEqual([]);
  });
});

describe("TLA+ fits the page", () => {
  it.each(sources.filter(({ path }) => path.endsWith(".tla")))("$path", ({ text }) => {
    const long = text.split("\n").flatMap((line, i) => (line.length > 78 ? [i + 1] : []));
    expect(long, "lines of more than 78 columns").toEqual([]);
  });
});

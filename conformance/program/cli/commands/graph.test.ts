import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { XMLValidator } from "fast-xml-parser";
import { afterAll, describe, expect, it } from "vitest";
import { createFolder, module, quiesce } from "../shared/program.fixture.js";
import { type ShownError, validated } from "../shared/schema.fixture.js";

const LIGHT = `VARIABLE colour
Init == colour \\in {"red", "off"}
Go == colour = "red" /\\ colour' = "green"
Hurry == colour = "red" /\\ colour' = "green"
Stop == colour = "green" /\\ colour' = "red"
Blink == colour = "off" /\\ colour' = "off"
Next == Go \\/ Hurry \\/ Stop \\/ Blink
Spec == Init /\\ [][Next]_colour
Fair == Spec /\\ WF_colour(Next)
NeverGreen == colour # "green"
EndsGreen == <>[](colour = "green")`;
const COUNTER = `VARIABLE n
Init == n = 0
Up == n < 400 /\\ n' = n + 1
Spec == Init /\\ [][Up]_n
Small == n # 3`;
const folder = createFolder("pictures of graphs");
afterAll(() => folder.remove());
folder.write({
  "Light.tla": module("Light", LIGHT),
  "Light.cfg": "\\* Verdict: holds\nSPECIFICATION Spec\n",
  "Light-red.cfg":
    "\\* Verdict: violated\n\\* Violates: NeverGreen\nSPECIFICATION Spec\nINVARIANT NeverGreen\n",
  "Light-ends.cfg":
    "\\* Verdict: violated\n\\* Violates: EndsGreen\nSPECIFICATION Fair\nPROPERTY EndsGreen\n",
  "Counter.tla": module("Counter", COUNTER),
  "Counter.cfg": "\\* Verdict: holds\nSPECIFICATION Spec\nCHECK_DEADLOCK FALSE\n",
  "Counter-small.cfg":
    "\\* Verdict: violated\n\\* Violates: Small\nSPECIFICATION Spec\nINVARIANT Small\nCHECK_DEADLOCK FALSE\n",
});
const at = (name: string): string => join(folder.path, name);

interface Figures {
  readonly states: number;
  readonly drawn: number;
  readonly violated: string | null;
}

describe("a claim's state graph", () => {
  it("is drawn with its initial states, steps and counterexample, the same each time", async () => {
    const out = at("red.svg");
    const { code, stdout } = await quiesce(["graph", at("Light-red.cfg"), "--output", out, "--json"]);
    expect(code).toBe(0);
    expect(validated<Figures>("graph", stdout)).toMatchObject({
      states: 3,
      drawn: 3,
      violated: "NeverGreen",
    });
    const svg = readFileSync(out, "utf8");
    expect(XMLValidator.validate(svg)).toBe(true);
    for (const words of ["✗ NeverGreen", "1: ", "Go", "Hurry", "↺ Blink"]) expect(svg).toContain(words);
    expect(svg.match(/class="inner"/g)).toHaveLength(2);
    expect((await quiesce(["graph", at("Light-red.cfg")])).stdout).toBe(svg);
  });

  it("has no mark where nothing breaks, and a way back where a promise about time does", async () => {
    const holds = await quiesce(["graph", at("Light.cfg")]);
    expect(holds.code).toBe(0);
    expect(holds.stdout).not.toMatch(/✗|class="hot"/);
    const { stdout } = await quiesce(["graph", at("Light-ends.cfg")]);
    expect(stdout).toContain("EndsGreen");
    expect(stdout).not.toContain("✗");
  });

  it("is refused where it is too large, with the part that can be drawn", async () => {
    const out = at("counter.svg");
    const { code, stderr } = await quiesce(["graph", at("Counter.cfg"), "--output", out]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/has 401 states and 400 steps, and a picture has room for 300 and 900/);
    expect(stderr).toMatch(/up to 8 steps from its initial states: --around 8/);
    expect(existsSync(out)).toBe(false);
    const part = await quiesce([
      "graph",
      at("Counter-small.cfg"),
      "--around",
      "2",
      "--output",
      out,
      "--json",
    ]);
    expect(validated<Figures>("graph", part.stdout)).toMatchObject({
      states: 401,
      drawn: 6,
      violated: "Small",
    });
    expect(readFileSync(out, "utf8")).toContain("A part of 401 states");
    const much = await quiesce(["graph", at("Counter.cfg"), "--around", "350", "--json", "--output", out]);
    expect(validated<ShownError>("error", much.stdout).error).toMatchObject({ exitCode: 2 });
    expect(much.stdout).toContain("--around 299");
  });

  it.each([
    [["graph"], /missing required argument/],
    [["graph", "no/such/claim"], /no\/such\/claim/],
    [["graph", at("Light.cfg"), "--json"], /--json needs --output/],
    [["graph", at("Light.cfg"), "--around", "-1"], /--around/],
    [["graph", at("Light.cfg"), "--output", at("missing/x.svg")], /its folder does not exist/],
  ])("has no picture of %j", async (args, problem) => {
    const { code, stdout, stderr } = await quiesce(args);
    expect(code).toBe(2);
    expect(stdout + stderr).toMatch(problem);
  });
});

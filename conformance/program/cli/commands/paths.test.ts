import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { createFolder, module, quiesce } from "../shared/program.fixture.js";
import { validated } from "../shared/schema.fixture.js";

interface Shown {
  readonly claim: string;
  readonly states: number;
  readonly edges: number;
  readonly paths: number;
  readonly steps: number;
  readonly coverage: number;
  readonly lowerBound: number;
}
interface Written {
  readonly initial: readonly number[];
  readonly states: readonly string[];
  readonly edges: readonly (readonly [number, string, number])[];
  readonly paths: readonly (readonly number[])[];
}

// Two initial states, two actions between the same states, and a self-loop.
const LIGHT = `VARIABLE colour
Init == colour \\in {"red", "off"}
Go == colour = "red" /\\ colour' = "green"
Hurry == colour = "red" /\\ colour' = "green"
Stop == colour = "green" /\\ colour' = "red"
Blink == colour = "off" /\\ colour' = "off"
Start == colour = "off" /\\ colour' = "red"
Next == Go \\/ Hurry \\/ Stop \\/ Blink \\/ Start
Spec == Init /\\ [][Next]_colour
NeverGreen == colour # "green"`;
const folder = createFolder("traffic lights");
afterAll(() => folder.remove());
folder.write({
  "Light.tla": module("Light", LIGHT),
  "Light.cfg": "\\* Verdict: holds\nSPECIFICATION Spec\n",
  "Light-red.cfg":
    "\\* Verdict: violated\n\\* Violates: NeverGreen\nSPECIFICATION Spec\nINVARIANT NeverGreen\n",
});
const light = join(folder.path, "Light.cfg");

describe("paths of someone else's model", () => {
  it("cover parallel edges, several initial states and self-loops, with the same bytes each time", async () => {
    const files = ["one.json", "two.json"].map((name) => join(folder.path, name));
    const figures: Shown[] = [];
    for (const file of files) {
      const { code, stdout, stderr } = await quiesce(["paths", light, "--output", file, "--json"]);
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      figures.push(...validated<{ claims: Shown[] }>("paths", stdout).claims);
    }
    expect(figures[0]).toMatchObject({ claim: "Light", states: 3, edges: 5, coverage: 1 });
    expect(figures[1]).toEqual(figures[0]);
    const [one, two] = files.map((file) => readFileSync(file, "utf8"));
    expect(two).toBe(one);

    const written = JSON.parse(one ?? "") as Written;
    expect(written.initial).toHaveLength(2);
    expect(written.edges.map(([, action]) => action).sort()).toEqual([
      "Blink",
      "Go",
      "Hurry",
      "Start",
      "Stop",
    ]);
    expect(new Set(written.paths.flat())).toEqual(new Set([0, 1, 2, 3, 4]));
    for (const path of written.paths) {
      const edges = path.map((edge) => written.edges[edge] as Written["edges"][number]);
      expect(written.initial).toContain(edges[0]?.[0]);
      for (const [i, edge] of edges.slice(1).entries()) expect(edge[0]).toBe(edges[i]?.[2]);
    }
  });

  it("are printed for a person with the baseline and the lower bound", async () => {
    const { code, stdout, stderr } = await quiesce(["paths", light]);
    expect(code).toBe(0);
    expect(stderr).toMatch(/TLC dumps the state graph of Light\n(?: .*\n)*covering 5 edges\n/);
    expect(stdout).toMatch(/^Paths of Light\n {2}states +3\n {2}edges +5\n/);
    expect(stdout).toMatch(/edge coverage +100\.0 %/);
    expect(stdout).toMatch(/lower bound +\d+ .*\n {2}baseline /);
  });

  it("are those of the whole graph, whatever is claimed of it and violated", async () => {
    const figures = async (file: string): Promise<unknown> => {
      const { stdout } = await quiesce(["paths", join(folder.path, file), "--json"]);
      const { claims } = JSON.parse(stdout) as { claims: { states: number; edges: number }[] };
      return claims.map(({ states, edges }) => ({ states, edges }));
    };
    expect(await figures("Light-red.cfg")).toEqual(await figures("Light.cfg"));
  });

  it("are not made from several claims, or into a missing folder", async () => {
    const several = await quiesce(["paths", folder.path]);
    expect({ code: several.code, stdout: several.stdout }).toEqual({ code: 2, stdout: "" });
    expect(several.stderr).toMatch(/stands for 2 claims[\s\S]*Name one of them: .*\/Light, .*\/Light-red/);
    const nowhere = await quiesce(["paths", light, "--output", join(folder.path, "no", "where.json")]);
    expect({ code: nowhere.code, stdout: nowhere.stdout }).toEqual({ code: 2, stdout: "" });
    expect(nowhere.stderr).toMatch(/--output {2}.*its folder does not exist/);
  });
});

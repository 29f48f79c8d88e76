import { describe, expect, it } from "vitest";
import { quiesce } from "./shared/program.fixture.js";
import { type ShownError, schemaText, validated } from "./shared/schema.fixture.js";

const COMMANDS = [
  "check",
  "litmus",
  "paths",
  "graph",
  "conform",
  "record",
  "validate",
  "speed",
  "bench",
  "kernel",
  "worker",
  "doctor",
  "generate",
  "start",
];

describe("help", () => {
  it.each(COMMANDS)("%s --help has examples", async (command) => {
    const { code, stdout, stderr } = await quiesce([command, "--help"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(new RegExp(`Examples:\n +quiesce ${command}`));
  });

  it("of the program lists the exit codes and every command", async () => {
    const { code, stdout } = await quiesce(["--help"]);
    expect(code).toBe(0);
    for (const command of COMMANDS) expect(stdout).toMatch(new RegExp(`^ {2}${command} `, "m"));
    expect(stdout).toMatch(/130 {2}interrupted/);
  });

  it("does not load what only other commands need", async () => {
    const trace = { NODE_DEBUG: "esm", NODE_V8_COVERAGE: undefined };
    const { stdout, stderr } = await quiesce(["check", "--help"], { env: trace });
    expect(stdout).toContain("Examples:");
    expect(stderr).toMatch(/node_modules.commander/);
    expect(stderr).not.toMatch(/ts-morph|execa\/index/);
  });

  it("--version is the package's", async () => {
    expect((await quiesce(["--version"])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe("usage errors", () => {
  it.each([
    [["chek"], /unknown command 'chek'[\s\S]*Did you mean check/],
    [["check", "--explian"], /unknown option '--explian'[\s\S]*Did you mean --explain/],
    [["check", "--timeout"], /argument missing/],
    [["check", "--timeout", "soon"], /--timeout takes a whole number from 1 to \d+, not "soon"/],
    [["check", "--timeout", "99999999"], /--timeout takes a whole number/],
    [["check", "--parallel", "0"], /--parallel takes a whole number from 1/],
    [["check", "--memory", "1"], /--memory takes a whole number from 64/],
    [["check", "--workers", "-oProxyCommand=x"], /--workers takes hosts|unknown option/],
    [["check", "--workers", "a:0"], /--workers takes hosts such as localhost:2, not "a:0"/],
    [["worker", "somewhere"], /SERVER is HOST:PORT, as `quiesce check --workers` prints it, not "somewhere"/],
    [["speed", "--at-most", "0"], /--at-most takes a ratio such as 0.6, not "0"/],
    [["bench", "--rounds", "0"], /--rounds takes a whole number from 1 to 1000, not "0"/],
    [["bench", "--only", "read pear"], /no row has "read pear" in its name/],
    [["kernel", "--rounds", "1"], /--rounds takes a whole number from 100 to 100000000, not "1"/],
    [["kernel", "--emit", "kernel.txt"], /--emit takes the name of a C file, not "kernel.txt"/],
    [["record"], /--out must say where the recordings go/],
    [["record", "--history", "--fences", "--out", "x"], /'--fences' cannot be used with option '--history'/],
    [["validate"], /no recording is given/],
    [["validate", "--constant", "N", "x"], /--constant takes NAME=VALUE, not "N"/],
    [["paths", "a", "b"], /too many arguments/],
    [["paths", "--max-length", "-1"], /--max-length/],
    [["conform", "--target", "fpga"], /Allowed choices are native, impl/],
    [["doctor", "now"], /too many arguments/],
    [["litmus"], /no file is given/],
    [
      ["litmus", "--order", "power", "x.litmus"],
      /--order takes sc, tso, pso, weak, separated by commas, not "power"/,
    ],
    [["litmus", "--states", "0", "x.litmus"], /--states takes a whole number from 1/],
    [[], /Usage: quiesce/],
  ])("%j ends with 2 and says why, with nothing on standard output", async (args, message) => {
    const { code, stdout, stderr } = await quiesce(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(message);
  });

  it("is reported as JSON with --json", async () => {
    const { code, stdout, stderr } = await quiesce(["check", "--json", "--explian"]);
    expect({ code, stderr }).toEqual({ code: 2, stderr: "" });
    const { error } = validated<ShownError>("error", stdout);
    expect(error).toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(/^unknown option '--explian'/),
    });
  });
});

describe("--schema", () => {
  it.each(["check", "litmus", "paths", "conform", "speed", "bench", "kernel", "doctor"])(
    "of %s is printed, and nothing else happens",
    async (command) => {
      const { code, stdout, stderr } = await quiesce([command, "--schema"]);
      expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: schemaText(command), stderr: "" });
    },
  );
});

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it, onTestFinished } from "vitest";
import { findCompiler, run } from "../../../../native/js/compiler.js";
import { buildTraceLibrary } from "../../../../native/js/tracing/traced-programs.js";
import { createFolder, ending, quiesce, ROOT, start } from "../shared/program.fixture.js";
import { type ShownError, validated } from "../shared/schema.fixture.js";

const folder = createFolder();
afterAll(() => folder.remove());
const directory = join(folder.path, "traced");
mkdirSync(directory, { mode: 0o700 });
const env = { QUIESCE_TRACE_DIR: directory };
const trace = (...args: string[]) => quiesce(["trace", ...args], { env });

interface Changed {
  readonly changed: { readonly words: number; readonly matched: number; readonly running: boolean };
}
interface Items {
  readonly items: readonly { readonly event?: string; readonly fields?: Readonly<Record<string, unknown>> }[];
  readonly events: number;
}

/** The README's files, from its text. */
function examples(): Record<string, string> {
  const page = readFileSync(join(ROOT, "native", "tracepoint", "README.md"), "utf8");
  return Object.fromEntries(
    [...page.matchAll(/<!-- example: (\S+\.(?:h|c|ts)) -->\n```\w+\n([\s\S]*?)```/g)].map(
      ([, name = "", text = ""]) => [name, text],
    ),
  );
}

/** The README's program, compiled. */
async function compileExample(): Promise<string> {
  const files = examples();
  expect(Object.keys(files)).toEqual(["shop_events.h", "shop.c", "watch.ts"]);
  folder.write(files);
  const library = await buildTraceLibrary();
  const { command } = await findCompiler();
  const program = join(folder.path, "shop");
  const words = [
    "-std=c11",
    "-D_POSIX_C_SOURCE=200809L",
    "-Wall",
    "-Wextra",
    "-Werror",
    "-pthread",
    `-I${join(ROOT, "native", "include")}`,
  ];
  const { code, stderr } = await run([
    ...command,
    ...words,
    join(folder.path, "shop.c"),
    library,
    `-Wl,-rpath,${join(library, "..")}`,
    "-o",
    program,
  ]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return program;
}

describe("trace", () => {
  it("switches, records and shows the README's program", async () => {
    const program = await compileExample();
    const out = join(folder.path, "recorded");
    const early = await trace("enable", "shop:*", "--filter", "id > 3", "--json");
    expect(early.stderr).toContain("were not checked");
    expect(validated<Changed>("trace", early.stdout).changed).toMatchObject({
      words: 0,
      matched: 0,
      running: true,
    });
    const recorder = start(["trace", "record", "--out", out, "--json"], { env });
    const recording = ending(recorder);
    while (!/Process \d+ records/.test((await trace("status")).stdout)) expect(recorder.exitCode).toBeNull();
    const shop = spawn(program, { env: { ...process.env, ...env }, stdio: "ignore" });
    const ended = once(shop, "exit");
    onTestFinished(() => void [shop, recorder].map((child) => child.kill("SIGKILL")));
    for (;;) {
      const { stdout } = await trace("list", "--json");
      const [found] = validated<{ processes: { events: { name: string; on: boolean }[] }[] }>(
        "trace",
        stdout,
      ).processes;
      if (found?.events.length !== 2) continue;
      expect(found.events.map(({ name, on }) => [name, on])).toEqual([
        ["order_begin", true],
        ["order_end", true],
      ]);
      break;
    }
    const wrong = await trace("enable", "shop:order_end", "--filter", "prize > 3");
    expect({ code: wrong.code, stdout: wrong.stdout }).toEqual({ code: 2, stdout: "" });
    expect(wrong.stderr).toBe(
      'filter, column 1  none of the events has a field "prize": did you mean price?\n  prize > 3\n  ^^^^^\n',
    );
    const off = await trace("disable", "shop:order_begin", "--json");
    expect(validated<Changed>("trace", off.stdout).changed).toMatchObject({ words: 1, matched: 1 });
    const { stdout: status } = await trace("status");
    expect(status).toContain("on   shop:*  --filter 'id > 3'");
    expect(status).toContain("off  shop:order_begin");
    expect(status).toMatch(/Process \d+ records/);
    recorder.kill("SIGINT");
    const recorded = await recording;
    expect(recorded.code).toBe(130);
    shop.kill();
    await ended;
    const { events } = validated<{ recorded: { events: number } }>("trace", recorded.stdout).recorded;
    const all = validated<Items>("trace", (await trace("view", out, "--json")).stdout);
    expect(all.events).toBe(events);
    expect(all.items.every(({ fields }) => Number(fields?.["id"]) > 3)).toBe(true);
    const cards = await trace("view", out, "--event", "shop:order_end", "--filter", "how == CARD", "--json");
    const shown = validated<Items>("trace", cards.stdout).items;
    expect(shown.length).toBeGreaterThan(0);
    expect(shown.every(({ event, fields }) => event === "shop:order_end" && fields?.["how"] === "CARD")).toBe(
      true,
    );
    const none = await trace("view", out, "--event", "stop:*");
    expect(none).toMatchObject({ code: 0, stdout: "" });
    expect(none.stderr).toContain("no event of the recording fits");
    const html = join(folder.path, "recorded.html");
    expect((await trace("view", out, "--html", html)).stdout).toContain(html);
    expect(readFileSync(html, "utf8")).toContain("shop:order_end");
    validated<Changed>("trace", (await trace("disable", "*", "--json")).stdout);
    expect((await trace("status")).stdout).toContain("No rules");
  });

  it.each([
    [["enable", "a b"], 2, /"a b" is no pattern of events/],
    [["enable", "a:b", "--level", "loud"], 2, /there is no level "loud"/],
    [["enable", "a:b", "--filter", "x ="], 2, /"equal" is ==/],
    [["enable", "a:b", "--sample", "0"], 2, /--sample takes a whole number/],
    [["enable"], 2, /missing required argument 'pattern'/],
    [["disable"], 2, /missing required argument 'pattern'/],
    [["record"], 2, /--out must say where/],
    [["view", "/no/such/folder"], 2, /can't be read/],
    [["frobnicate"], 2, /unknown command/],
    [["status", "--directory", "/no/such/folder"], 3, /nothing has ever been traced here/],
  ])("%j ends with %i and says why", async (args, code, message) => {
    const ended = await trace(...args);
    expect({ code: ended.code, stdout: ended.stdout }).toEqual({ code, stdout: "" });
    expect(ended.stderr).toMatch(message);
  });

  it("does the same from TypeScript, as the page shows", async () => {
    folder.write({ "watch.ts": examples()["watch.ts"] ?? "", "package.json": '{ "type": "module" }' });
    mkdirSync(join(folder.path, "node_modules"));
    symlinkSync(ROOT, join(folder.path, "node_modules", "quiesce"));
    const tsc = join(ROOT, "node_modules", "typescript", "bin", "tsc");
    const types = ["--types", "node", "--typeRoots", join(ROOT, "node_modules", "@types")];
    const how = ["--strict", "--skipLibCheck", "--target", "es2022", "--module", "nodenext", ...types];
    const compiled = await run([process.execPath, tsc, ...how, join(folder.path, "watch.ts")]);
    expect(compiled).toMatchObject({ code: 0, stdout: "" });
    const shop = spawn(await compileExample(), { env: { ...process.env, ...env }, stdio: "ignore" });
    try {
      while (!(await trace("list")).stdout.includes("order_end")) expect(shop.exitCode).toBeNull();
      const watched = await run(
        ["/bin/sh", "-c", 'cd "$0" && exec "$@"', folder.path, process.execPath, "watch.js"],
        undefined,
        { ...process.env, ...env },
      );
      expect(watched).toMatchObject({ code: 0, stderr: "" });
      expect(watched.stdout).toMatch(/shop \d+: 2 events\n2 tracepoints, \d+ recorded, \d+ lost\n/);
      expect(watched.stdout).toMatch(/\nshop:order_end id = \d+, price = 9.99, how = CARD \(0\)\n/);
    } finally {
      shop.kill();
    }
  });

  const COMMANDS = ["list", "status", "enable", "disable", "start", "stop", "record", "view", "demo"];
  it.each(COMMANDS)("prints its schema without anything else: %s", async (command) => {
    const { code, stdout } = await trace(command, "--schema");
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toHaveProperty("$schema");
  });

  it("says its errors as JSON", async () => {
    const { code, stdout } = await trace("enable", "a:b", "--filter", "1 +", "--json");
    expect(code).toBe(2);
    expect(validated<ShownError>("error", stdout).error.where).toBe("filter, column 4");
  });
});

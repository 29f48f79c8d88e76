import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { build, sourceTexts } from "./artifact.js";
import { buildAddon, LIBRARY } from "./build.js";
import { commandWords, run } from "./compiler.js";
import { CompileError } from "./errors.js";
import { OUTPUT, ROOT } from "./root.js";
import { have } from "./test/command.js";

const recipe = (text: string) => ({
  name: "probe-build",
  ending: "",
  sources: ["test/nothing.c"],
  options: [],
  changed: new Map([["test/nothing.c", text]]),
});

const program = (status: number): string =>
  `int main(void) { return ${status}; } /* ${process.pid} ${Date.now()} */\n`;

describe("build", () => {
  it("compiles what is new, and nothing twice", async () => {
    const built: string[] = [];
    const source = program(7);
    const file = await build(recipe(source), { onBuild: (name) => built.push(name) });
    expect((await run([file])).code).toBe(7);
    expect(await build(recipe(source), { onBuild: (name) => built.push(name) })).toBe(file);
    expect(built).toEqual(["probe-build"]);
  });

  it("lets several build the same thing at once, and leaves no drafts", async () => {
    const source = program(9);
    const files = await Promise.all(Array.from({ length: 4 }, () => build(recipe(source))));
    expect(new Set(files).size).toBe(1);
    expect((await run([files[0] ?? ""])).code).toBe(9);
    const drafts = (await readdir(OUTPUT)).filter((name) => /^probe-build-[0-9a-f]+\.\d+/.test(name));
    expect(drafts).toEqual([]);
  });

  it("removes what it made of older sources, unless somebody may be about to load it", async () => {
    const longAgo = new Date(Date.now() - 2 * 3_600_000);
    const [old, recent, used] = [
      await build(recipe(program(4))),
      await build(recipe(program(5))),
      program(6),
    ];
    const kept = await build(recipe(used));
    for (const file of [old, kept]) await utimes(file, longAgo, longAgo);
    expect(await build(recipe(used))).toBe(kept);
    await build(recipe(program(8)));
    expect([old, recent, kept].map((file) => existsSync(file))).toEqual([false, true, true]);
  });

  it("compiles again only what a change reaches: one source, or all for which a header says something else", async () => {
    // No comment, which the preprocessor would leave out: what an earlier run has compiled must not do.
    const own = `one_${process.pid}_${Date.now()}`;
    const stamp = `extern int stamp_${own};\n`;
    const files = (one: string, header: string) =>
      new Map([
        ["test/one.c", `#include "one.h"\nint ${own}(void) { return ${one}; } ${stamp}`],
        ["test/two.c", `#include "one.h"\nint main(void) { return ${own}() + PLUS; } ${stamp}`],
        ["test/one.h", `${stamp}#define PLUS ${header}\nint ${own}(void);\n`],
      ]);
    // An object has two names.
    const objectsNow = async (): Promise<Map<number, string>> => {
      const names = await readdir(join(OUTPUT, "objects"));
      const paths = names.map((name) => join(OUTPUT, "objects", name));
      const stats = await Promise.all(paths.map((path) => stat(path).catch(() => undefined)));
      return new Map(paths.flatMap((path, i) => (stats[i] ? [[stats[i].ino, path] as const] : [])));
    };
    const made = async (one: string, header: string): Promise<[number | null, number]> => {
      const before = await objectsNow();
      const sources = ["test/one.c", "test/two.c"];
      const file = await build({ ...recipe(""), sources, changed: files(one, header) });
      const objects = [...(await objectsNow())].filter(([inode]) => !before.has(inode));
      // Others compile beside this: both of ours name the function.
      const texts = await Promise.all(objects.map(([, path]) => readFile(path, "latin1").catch(() => "")));
      return [(await run([file])).code, texts.filter((text) => text.includes(`\0${own}\0`)).length];
    };
    expect(await made("1", "10")).toEqual([11, 2]);
    expect(await made("2", "10")).toEqual([12, 1]);
    expect(await made("2", "20")).toEqual([22, 1]);
    expect(await made("2", "20\nextern int both;")).toEqual([22, 2]);
  });

  it("shows what the compiler said when it refuses", async () => {
    const error = await build(recipe("int main(void) { return nobody; }\n")).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(CompileError);
    expect((error as CompileError).hint).toContain("nobody");
    expect((error as CompileError).exitCode).toBe(3);
  });

  it("takes warnings for errors", async () => {
    await expect(build(recipe("int main(void) { int unused; return 0; }\n"))).rejects.toThrow(CompileError);
  });

  it("can be stopped", async () => {
    const stopped = AbortSignal.abort();
    await expect(build(recipe(program(3)), { signal: stopped })).rejects.toMatchObject({ exitCode: 130 });
  });

  it("leaves nothing of a compiler that is stopped, nor of what that has started", async () => {
    const folder = await mkdtemp(join(tmpdir(), "quiesce-build-"));
    const started = join(folder, "started");
    const stop = new AbortController();
    const ended = run(["sh", "-c", `sleep 60 & echo $! > ${started}; wait`], stop.signal);
    let child = 0;
    await expect
      .poll(async () => {
        child = Number(await readFile(started, "utf8").catch(() => "0"));
        return child;
      })
      .not.toBe(0);
    stop.abort();
    await expect(ended).rejects.toMatchObject({ exitCode: 130 });
    // Where nobody asks what became of it, its entry stays: a zombie.
    const runs = async () => {
      const status = await readFile(`/proc/${child}/stat`, "utf8").catch(() => ") Z");
      return !/\) [ZX]/.test(status);
    };
    await expect.poll(runs).toBe(false);
    await rm(folder, { recursive: true });
  });

  it.each([
    ["gcc", ["gcc"]],
    [" gcc  -m64 ", ["gcc", "-m64"]],
    ["ccache gcc", ["ccache", "gcc"]],
    ["'/a b/gcc' -m64", ["/a b/gcc", "-m64"]],
    ['"/a b/g\\"cc" -D"X=1 2"', ['/a b/g"cc', "-DX=1 2"]],
    ["/a\\ b/gcc", ["/a b/gcc"]],
    ["gcc $(touch /tmp/x); `y` | z", ["gcc", "$(touch", "/tmp/x);", "`y`", "|", "z"]],
    ["", undefined],
    ["gcc 'open", undefined],
  ])("reads CC=%s as a shell divides it, and nothing more", (text, words) => {
    expect(commandWords(text)).toEqual(words);
  });

  it("makes another addon with each compiler and with each of its options, and loads them", async () => {
    const folder = await mkdtemp(join(tmpdir(), "quiesce build "));
    const spaced = join(folder, "my gcc");
    await writeFile(spaced, '#!/bin/sh\nexec gcc "$@"\n', { mode: 0o755 });
    const script = `Promise.all(["build", "addon"].map((m) => import("quiesce/native/js/" + m)))
      .then(async ([b, a]) => { const file = await b.buildAddon();
        console.log(JSON.stringify([file, a.openAddon(file).cpus().length > 0])); })`;
    const command = [
      process.execPath,
      "--input-type=module",
      "-e",
      `process.chdir(${JSON.stringify(ROOT)});${script}`,
    ] as const;
    const usual = await buildAddon();
    const files = new Set([usual]);
    // The whole may run with CC=clang: the other one is gcc then.
    const other = /\bclang\b/.test(process.env["CC"] ?? "") ? "gcc" : "clang";
    const ways = [` '${spaced}' -DOTHER`, ...(have(other, other) ? [other] : [])];
    for (const CC of ways) {
      const { stdout, stderr } = await run([...command], undefined, { ...process.env, CC, CFLAGS: "-bogus" });
      expect(stderr).toBe("");
      const [file, loads] = JSON.parse(stdout) as [string, boolean];
      expect(loads).toBe(true);
      files.add(file);
    }
    expect(files.size).toBe(1 + ways.length);
    for (const file of files) if (file !== usual) await rm(file);
    await rm(folder, { recursive: true });
  });

  it("says how to get a compiler when there is none", async () => {
    const script = `import("quiesce/native/js/compiler").then((m) => m.findCompiler()).catch((e) => console.log(JSON.stringify({ ...e, message: e.message })))`;
    const node = [
      process.execPath,
      "--input-type=module",
      "-e",
      `process.chdir(${JSON.stringify(ROOT)});${script}`,
    ] as const;
    const env = { ...process.env, PATH: "/nowhere", CC: "" };
    const none = JSON.parse((await run([...node], undefined, env)).stdout);
    expect(none).toMatchObject({ exitCode: 3, message: "no C compiler was found" });
    expect(none.hint).toContain("apt-get install gcc");
    const wrong = JSON.parse((await run([...node], undefined, { ...env, CC: "nonesuch" })).stdout);
    expect(wrong.message).toBe("CC=nonesuch can't be started");
  });
});

describe("the C sources", () => {
  it("of the library are all compiled", async () => {
    const texts = await sourceTexts();
    expect([...texts.keys()].filter((path) => /^src\/\w+\.c$/.test(path))).toEqual(LIBRARY);
  });

  it("have no global constructor in the library", async () => {
    for (const path of LIBRARY) {
      expect(await readFile(`${ROOT}/native/${path}`, "utf8"), path).not.toMatch(
        /\bconstructor\b|\bdestructor\b/,
      );
    }
  });

  it("have lines of at most 120 columns", async () => {
    const long: string[] = [];
    for (const [path, text] of await sourceTexts())
      for (const line of text.replace(/\t/g, "        ").split("\n"))
        if (line.length > 120) long.push(`${path}: ${line}`);
    expect(long).toEqual([]);
  });
});

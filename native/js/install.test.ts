import { mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { asked } from "../../spec/tlc/base/patient.fixture.js";
import { run } from "./compiler.js";
import { exportedNames, headerNames, publicHeaders } from "./reference/headers.js";
import { SOURCES } from "./root.js";
import { have, must } from "./test/command.js";

const here = have("installing", "cmake", "ninja", "gcc", "g++", "nm", "readelf");

/** The kernel's headers where Debian has them: musl brings none. */
const TRIPLET = { x64: "x86_64-linux-gnu", arm64: "aarch64-linux-gnu" }[process.arch as "x64" | "arm64"];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "quiesce-install-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function cmake(source: string, build: string, options: readonly string[], env = {}): Promise<void> {
  await must(["cmake", "-G", "Ninja", "-S", source, "-B", build, "-Wdev", "-Werror=dev", ...options], env);
  await must(["cmake", "--build", build], env);
}

/** Builds the library, installs it, and moves the whole tree elsewhere. */
async function install(name: string, options: readonly string[] = [], env = {}): Promise<string> {
  const [build, prefix, moved] = [`${name}-build`, `${name}-prefix`, name].map((part) => join(folder, part));
  await cmake(
    SOURCES,
    build ?? "",
    [`-DCMAKE_INSTALL_PREFIX=${prefix}`, "-DCMAKE_C_FLAGS_RELWITHDEBINFO=-O2 -g -Werror", ...options],
    env,
  );
  await must(["ctest", "--test-dir", build ?? "", "--output-on-failure"]);
  await must(["cmake", "--install", build ?? ""]);
  await rename(prefix ?? "", moved ?? "");
  return moved ?? "";
}

/** The example of the guide to tracing as a folder of sources; without the line that opens it, if so wished. */
async function shop(opens: boolean): Promise<string> {
  const guide = await readFile(join(SOURCES, "tracepoint", "README.md"), "utf8");
  const source = await mkdtemp(join(folder, "shop-"));
  for (const name of ["shop_events.h", "shop.c"]) {
    const [, text = ""] = guide.split(`<!-- example: ${name} -->\n\`\`\`c\n`);
    const [code = ""] = text.split("```");
    await writeFile(join(source, name), opens ? code : code.replace(/^.*qs_trace_open.*\n/m, ""));
  }
  return source;
}

/** How many events the installed recorder gets in a second of a program that runs; more seconds where it hardly did. */
function eventsOf(prefix: string, program: readonly string[]): Promise<number> {
  return asked(
    () => eventsOnce(prefix, program),
    (count) => count > 10,
  );
}

/** @param looks how often it looks for the program, before it begins to record */
async function eventsOnce(prefix: string, program: readonly string[], looks = 6000): Promise<number> {
  const traces = await mkdtemp(join(folder, "traces-"));
  const script = `
    export QUIESCE_TRACE_DIR="$1"; trace="$2"; out="$3"; shift 3
    printf 'running\\t1\\nrule\\t*\\tshop\\t*\\t14\\t0\\t0\\t1\\t-\\n' | "$trace" apply "$QUIESCE_TRACE_DIR" >&2
    "$@" & program=$!
    trap 'kill -9 $program' EXIT
    for i in $(seq ${looks}); do "$trace" list "$QUIESCE_TRACE_DIR" | grep -q '"alive":true' && break; sleep 0.01; done
    "$trace" record "$QUIESCE_TRACE_DIR" "$out" --duration 1`;
  const trace = join(prefix, "bin", "quiesce-trace");
  const said = await must(["sh", "-c", script, "sh", traces, trace, `${traces}-out`, ...program]);
  return Number(/"recorded":\{"events":(\d+)[^\n]*\n*$/.exec(said)?.[1]);
}

/** The names that a shared library defines for others, each with its version. */
async function exportsOf(library: string): Promise<string[]> {
  const lines = (await must(["nm", "-D", "--defined-only", library])).trim().split("\n");
  return lines.map((line) => line.split(" ").slice(1).join(" ")).toSorted();
}

describe.skipIf(!here)("the installed tree", () => {
  let prefix: string;
  beforeAll(async () => {
    prefix = await install("both");
  });
  const library = (): string => join(prefix, "lib", "libquiesce.so");

  it("exports the functions of the headers, and nothing else, each with its version", async () => {
    const expected = exportedNames().map((name) => `${name}@@QUIESCE_1.0`);
    const found = (await exportsOf(library())).map((line) => line.replace(/^[TBD] /, ""));
    expect(found.toSorted()).toEqual(["A QUIESCE_1.0", ...expected]);
  });

  it("would not pass without the linker's script", async () => {
    const loose = join(folder, "loose.so");
    const whole = ["-Wl,--whole-archive", join(prefix, "lib", "libquiesce.a"), "-Wl,--no-whole-archive"];
    await must(["gcc", "-shared", ...whole, "-o", loose]);
    const names = await exportsOf(loose);
    expect(names).toContain("T qs_fatal");
    expect(names.filter((name) => name.includes("@"))).toEqual([]);
  });

  it("has a soname, and needs nothing but the C library", async () => {
    const dynamic = await must(["readelf", "-d", library()]);
    expect(dynamic).toMatch(/SONAME.*\[libquiesce\.so\.1\]/);
    const needed = [...dynamic.matchAll(/NEEDED.*\[([^\]]+)\]/g)].map(([, name]) => name);
    expect(needed.filter((name) => !/^(?:libc|ld-linux\S*|libpthread)\.so/.test(name ?? ""))).toEqual([]);
    expect(dynamic).not.toMatch(/TEXTREL/);
  });

  // A thread that has had a reader runs code of the library when it ends, and so does a fork.
  it.each([
    ["may be unloaded under a thread that has used it", "", true],
    ["could not be, if it didn't stay", "-Wl,--whole-archive", false],
  ])("%s", async (_, whole, survives) => {
    const plugin = join(SOURCES, "test", "unloaded", "plugin.c");
    const host = join(folder, "host");
    const loaded = join(folder, survives ? "plugin.so" : "loose-plugin.so");
    const lib = join(prefix, "lib");
    const include = `-I${join(prefix, "include")}`;
    const library = survives
      ? [`-L${lib}`, "-lquiesce", `-Wl,-rpath,${lib}`]
      : [whole, join(lib, "libquiesce.a"), "-Wl,--no-whole-archive"];
    await must(["gcc", "-std=c11", "-O2", "-shared", "-fPIC", include, plugin, ...library, "-o", loaded]);
    await must([
      "gcc",
      "-std=c11",
      "-O2",
      join(SOURCES, "test", "unloaded", "host.c"),
      "-pthread",
      "-o",
      host,
    ]);
    const { code, signal } = await run(["sh", "-c", 'ulimit -c 0; exec "$@"', "sh", host, loaded]);
    expect({ code, signal }).toEqual(
      survives ? { code: 0, signal: null } : { code: null, signal: "SIGSEGV" },
    );
  });

  it("has all headers, and pages for the functions", async () => {
    expect((await readdir(join(prefix, "include", "quiesce"))).toSorted()).toEqual(headerNames());
    const pages = await readdir(join(prefix, "share", "man", "man3"));
    for (const { items } of publicHeaders())
      for (const { name } of items.filter(({ kind }) => kind === "function" || kind === "inline"))
        expect(pages).toContain(`${name}.3`);
  });

  it.each(["OFF", "ON"])("serves find_package, with EXAMPLES_STATIC=%s", async (still) => {
    const build = join(folder, `examples-${still}`);
    const options = [`-DCMAKE_PREFIX_PATH=${prefix}`, `-DEXAMPLES_STATIC=${still}`];
    await cmake(join(SOURCES, "examples"), build, options);
    await must(["ctest", "--test-dir", build, "--output-on-failure"]);
    const dynamic = await must(["readelf", "-d", join(build, "config")]);
    expect(/libquiesce\.so\.1/.test(dynamic)).toBe(still === "OFF");
  });

  it.each([
    ["1.0", true],
    ["1.0.0", true],
    ["2.0", false],
    ["1.9", false],
    ["1.0 COMPONENTS shared static trace", true],
    ["1.0 COMPONENTS windows", false],
  ])("answers find_package(quiesce %s) with %o", async (version, found) => {
    const source = await mkdtemp(join(folder, "asks-"));
    await writeFile(
      join(source, "CMakeLists.txt"),
      `cmake_minimum_required(VERSION 3.16)\nproject(asks C)\nfind_package(quiesce ${version} REQUIRED)\n`,
    );
    const { code } = await run([
      "cmake",
      "-S",
      source,
      "-B",
      join(source, "b"),
      `-DCMAKE_PREFIX_PATH=${prefix}`,
    ]);
    expect(code === 0).toBe(found);
  });

  describe.skipIf(!have("pkg-config", "pkg-config", "make"))("by pkg-config", () => {
    const make = (build: string, ...words: readonly string[]) =>
      must(["make", "-C", join(SOURCES, "examples"), `BUILD=${build}`, "check", ...words], {
        PKG_CONFIG_PATH: join(prefix, "lib", "pkgconfig"),
        LD_LIBRARY_PATH: join(prefix, "lib"),
      });

    it("serves the examples, shared", async () => {
      const build = await mkdtemp(join(folder, "make-"));
      expect(await make(build)).toContain("0 wrong");
      expect(await must(["readelf", "-d", join(build, "config")])).toContain("libquiesce.so.1");
    });

    it("serves the examples, -static", async () => {
      const build = await mkdtemp(join(folder, "make-"));
      expect(await make(build, "STATIC=1")).toContain("0 wrong");
      expect(await must(["readelf", "-d", join(build, "config")])).toContain("no dynamic section");
    });
  });

  describe("for programs with tracepoints", () => {
    it.each([
      ["find_package", "quiesce::trace"],
      ["find_package, static", "quiesce::trace-static"],
      ["find_package, in a program that doesn't open itself", "quiesce::trace-auto"],
    ])("serves %s", async (_, target) => {
      const source = await shop(target !== "quiesce::trace-auto");
      const lines = [
        "cmake_minimum_required(VERSION 3.16)\nproject(shop C)",
        "find_package(quiesce 1.0 REQUIRED COMPONENTS trace)",
        `add_executable(shop shop.c)\ntarget_link_libraries(shop PRIVATE -Wl,--no-as-needed ${target})`,
      ];
      await writeFile(join(source, "CMakeLists.txt"), lines.join("\n"));
      await cmake(source, join(source, "b"), [`-DCMAKE_PREFIX_PATH=${prefix}`]);
      expect(await eventsOf(prefix, [join(source, "b", "shop")])).toBeGreaterThan(10);
      const needed = await must(["readelf", "-d", join(source, "b", "shop")]);
      expect(needed.includes("libquiesce-trace.so.1")).toBe(!target.includes("static"));
    });

    it.skipIf(!have("pkg-config", "pkg-config"))("serves pkg-config, and LD_PRELOAD", async () => {
      const source = await shop(false);
      const env = { PKG_CONFIG_PATH: join(prefix, "lib", "pkgconfig") };
      const flags = (await must(["pkg-config", "--cflags", "--libs", "quiesce-trace"], env))
        .trim()
        .split(" ");
      const program = join(source, "shop");
      const options = ["-std=c11", "-D_DEFAULT_SOURCE", join(source, "shop.c"), ...flags, "-pthread"];
      await must(["gcc", ...options, "-o", program]);
      const lib = join(prefix, "lib");
      const paths = ["env", `LD_LIBRARY_PATH=${lib}`];
      // It doesn't open itself, and so nobody traces it.
      expect(await eventsOnce(prefix, [...paths, program], 100)).toBe(0);
      const auto = `LD_PRELOAD=${join(lib, "libquiesce-trace-auto.so")}`;
      expect(await eventsOf(prefix, [...paths, auto, program])).toBeGreaterThan(10);
    });
  });

  it.skipIf(!have("the manual", "groff"))("has pages that roff reads without a warning", async () => {
    const man = join(prefix, "share", "man", "man3");
    for (const name of await readdir(man)) {
      const page = join(man, name);
      if ((await readFile(page, "utf8")).startsWith(".so ")) continue;
      const { code, stdout, stderr } = await run(["groff", "-man", "-Tascii", "-P-cbou", "-ww", page]);
      expect({ name, code, stderr }).toEqual({ name, code: 0, stderr: "" });
      expect(stdout).toContain("SYNOPSIS");
    }
  });
});

describe.skipIf(!here)("the library with BUILD_SHARED_LIBS=OFF", () => {
  it("is the static one alone, which is then quiesce::quiesce", async () => {
    const prefix = await install("static", ["-DBUILD_SHARED_LIBS=OFF", "-DCMAKE_INSTALL_LIBDIR=lib/deep"]);
    expect((await readdir(join(prefix, "lib", "deep"))).toSorted()).toEqual([
      "cmake",
      "libquiesce-trace.a",
      "libquiesce.a",
      "pkgconfig",
    ]);
    const build = join(folder, "examples-alone");
    await cmake(join(SOURCES, "examples"), build, [
      `-DCMAKE_PREFIX_PATH=${prefix}`,
      `-Dquiesce_DIR=${join(prefix, "lib", "deep", "cmake", "quiesce")}`,
    ]);
    await must(["ctest", "--test-dir", build, "--output-on-failure"]);
  });
});

describe.skipIf(!here)("the library as a part of another project", () => {
  it("is built by add_subdirectory, with its examples", async () => {
    const source = await mkdtemp(join(folder, "part-"));
    await writeFile(
      join(source, "CMakeLists.txt"),
      `cmake_minimum_required(VERSION 3.16)
project(whole C CXX)
enable_testing()
set(QUIESCE_EXAMPLES ON)
add_subdirectory(${SOURCES} quiesce)
`,
    );
    await cmake(source, join(source, "b"), ["-DCMAKE_POLICY_DEFAULT_CMP0077=NEW"]);
    await must(["ctest", "--test-dir", join(source, "b"), "--output-on-failure"]);
  });
});

describe.skipIf(!here || TRIPLET === undefined || !have("musl", "musl-gcc"))("with musl", () => {
  it("builds, shared and static, and its smoke test and an example run", async () => {
    const kernel = join(folder, "kernel");
    await mkdir(kernel);
    await symlink("/usr/include/linux", join(kernel, "linux"));
    await symlink("/usr/include/asm-generic", join(kernel, "asm-generic"));
    await symlink(`/usr/include/${TRIPLET}/asm`, join(kernel, "asm"));
    const env = { CC: "musl-gcc", CFLAGS: `-isystem ${kernel}` };
    const prefix = await install("musl", [], env);
    const program = join(folder, "musl-config");
    await must([
      ...(["musl-gcc", "-static", "-O2", "-std=c11", `-I${join(prefix, "include")}`] as const),
      ...[join(SOURCES, "examples", "config.c"), join(prefix, "lib", "libquiesce.a"), "-o", program],
    ]);
    expect(await must([program, "100"])).toContain("100 replacements, 0 wrong");
    expect(await must(["readelf", "-d", program])).toContain("no dynamic section");
  });
});

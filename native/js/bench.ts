import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type BuildOptions, build } from "./artifact.js";
import { type Command, type Figures, figuresFrom } from "./bench-figures.js";
import { LIBRARY } from "./build.js";
import { run } from "./compiler.js";
import { CompileError } from "./errors.js";
import { SOURCES } from "./root.js";
import { CONTROLLER, TRACED, TRACED_USES } from "./traced.js";

/** The measuring programs: native/bench/*.c. Each is compiled once for each side. */
export type BenchProgram =
  | "read_pair"
  | "grace_period"
  | "bystander"
  | "long_section"
  | "updaters"
  | "readers"
  | "deferral"
  | "memory"
  | "trace"
  | "trace_switch"
  | "trace_change";

interface SideOfC {
  readonly title: string;
  /** Below native/bench. */
  readonly header: string;
  readonly libraries: readonly string[];
  /** What it is made of, where that isn't the library. */
  readonly sources?: readonly string[];
  readonly options?: readonly string[];
}

const ours = (title: string, name: string): SideOfC => ({ title, header: `side_${name}.h`, libraries: [] });

const liburcu = (flavour: string): SideOfC => ({
  title: `liburcu ${flavour}`,
  header: `side_liburcu_${flavour}.h`,
  libraries: [`-lurcu-${flavour}`],
});

/** Whose code a program measures, and in which of its ways. */
const SIDES = {
  none: ours("no library", "none"),
  quiesce: ours("ours", "quiesce"),
  "quiesce-membarrier": ours("ours, flavour fixed when compiled", "quiesce_membarrier"),
  "quiesce-known": ours("ours, domain known when linked", "quiesce_known"),
  "quiesce-enter": ours("ours, not nesting", "quiesce_enter"),
  "quiesce-thread": ours("ours, thread-local", "quiesce_thread"),
  "quiesce-mb": ours("ours, mb", "quiesce_mb"),
  "quiesce-qsbr": ours("ours, qsbr", "quiesce_qsbr"),
  "quiesce-signal": ours("ours, signal", "quiesce_signal"),
  "quiesce-gentle": ours("ours, expedited = 0", "quiesce_gentle"),
  "quiesce-every-cpu": ours("ours, every CPU", "quiesce_every_cpu"),
  "quiesce-defer": ours("ours, with a worker", "quiesce_defer"),
  "trace-quiesce": {
    ...ours("ours, tracing", "quiesce_trace"),
    sources: [...TRACED_USES, ...TRACED],
    options: ["-D_DEFAULT_SOURCE"],
  },
  "trace-controller": {
    ...ours("ours, tracing's controller", "quiesce_controller"),
    sources: [...LIBRARY, ...CONTROLLER, ...TRACED],
    options: ["-D_DEFAULT_SOURCE", "-Wl,--wrap=qs_membarrier_try"],
  },
  "trace-lttng": {
    title: "LTTng-UST",
    header: "side_lttng_trace.h",
    libraries: ["-llttng-ust", "-llttng-ust-common"],
    sources: TRACED_USES,
    // The macros of their headers are not as strict as ours.
    options: ["-D_DEFAULT_SOURCE", "-w", `-I${join(SOURCES, "bench")}`],
  },
  "liburcu-memb": liburcu("memb"),
  "liburcu-mb": liburcu("mb"),
  "liburcu-bp": liburcu("bp"),
  "liburcu-qsbr": liburcu("qsbr"),
} as const satisfies Readonly<Record<string, SideOfC>>;

export type BenchSide = keyof typeof SIDES;

export function sideTitle(side: BenchSide): string {
  return SIDES[side].title;
}

/** What a side needs of our headers and does not find there, such as "qs_barrier in quiesce/quiesce.h". */
export function lackOf(side: BenchSide): string | undefined {
  const text = readFileSync(join(SOURCES, "bench", SIDES[side].header), "utf8");
  return lacksIn(text, (header) => {
    const file = join(SOURCES, "include", header);
    return existsSync(file) ? readFileSync(file, "utf8") : undefined;
  });
}

/** The first of the lines "Needs: NAME in HEADER" in a side's header whose name is not in that header. */
export function lacksIn(side: string, header: (path: string) => string | undefined): string | undefined {
  for (const [, name = "", path = ""] of side.matchAll(/^ \* Needs: (\w+) in (\S+)$/gm)) {
    const text = header(path);
    if (text === undefined || !new RegExp(`\\b${name}\\b`).test(text)) return `${name} in ${path}`;
  }
  return undefined;
}

const OPTIONS = [
  "-O2",
  "-g",
  // Where a loop happens to begin decides more than what is compared.
  "-falign-functions=64",
  "-falign-loops=32",
  // count.c stands in front of the C library for shared libraries, too.
  "-rdynamic",
];

/**
 * Compiles a measuring program for one side, unless that is done already.
 *
 * @throws CompilerMissingError, CompileError, Interrupted
 */
export async function buildBench(
  program: BenchProgram,
  side: BenchSide,
  options?: BuildOptions,
): Promise<Command> {
  const { header, libraries, sources = LIBRARY, options: own = [] }: SideOfC = SIDES[side];
  const file = await build(
    {
      name: `bench-${program.replaceAll("_", "-")}-${side}`,
      ending: "",
      sources: [`bench/${program}.c`, "bench/bench.c", "bench/count.c", ...sources],
      options: [...OPTIONS, ...own, `-DSIDE="${header}"`],
      libraries,
      uses: program.startsWith("trace") ? ["test", "tracepoint"] : [],
    },
    options,
  );
  return [file];
}

/** Whether LTTng-UST is installed for compiling. */
export async function findLttng(options?: BuildOptions): Promise<boolean> {
  try {
    await buildBench("trace", "trace-lttng", options);
    return true;
  } catch (error) {
    if (error instanceof CompileError) return false;
    throw error;
  }
}

/** liburcu as it is installed: its version where pkg-config knows it; undefined where it can't be compiled with. */
export async function findLiburcu(options?: BuildOptions): Promise<string | undefined> {
  const { libraries } = SIDES["liburcu-memb"];
  try {
    await build(
      { name: "bench-liburcu", ending: "", sources: ["bench/side_probe.c"], options: ["-O2"], libraries },
      options,
    );
  } catch (error) {
    if (error instanceof CompileError) return undefined;
    throw error;
  }
  const asked = await run(["pkg-config", "--modversion", "liburcu"]).catch(() => undefined);
  return asked?.code === 0 ? asked.stdout.trim() : "of unknown version";
}

/** Options of a measuring program: `name=value`. */
export type BenchOptions = Readonly<Record<string, string | number>>;

/**
 * Runs a measuring program once.
 *
 * @throws BenchError when it does not end in time or says why it can't measure; Interrupted
 */
export async function runBench(
  command: Command,
  options: BenchOptions,
  signal?: AbortSignal,
): Promise<Figures> {
  const words = Object.entries(options).map(([name, value]) => `${name}=${value}`);
  return figuresFrom(await run([...command, ...words], signal));
}

import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const require = createRequire(import.meta.url);
/** The compiled program. */
export const PROGRAM = require.resolve("quiesce/conformance/cli/main");
export const ROOT = dirname(require.resolve("quiesce/package.json"));

export interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
}

export interface Start {
  readonly cwd?: string;
  /** Added to our own environment, minus the variables that control colours; undefined removes a variable. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** Starts the program as a person would, with pipes instead of a terminal. */
export function start(args: readonly string[], { cwd, env }: Start = {}): ChildProcess {
  // What these tests provoke is no news for GitHub, where they run, too.
  const github = { GITHUB_ACTIONS: undefined, GITHUB_STEP_SUMMARY: undefined, GITHUB_WORKSPACE: undefined };
  const all = { ...process.env, NO_COLOR: undefined, FORCE_COLOR: undefined, ...github, ...env };
  const set = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  return spawn(process.execPath, [PROGRAM, ...args], {
    ...(cwd !== undefined && { cwd }),
    env: set,
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** Runs the program to its end. */
export async function quiesce(args: readonly string[], options: Start = {}): Promise<Ended> {
  return await ending(start(args, options));
}

/** Collects all output of a started program until it has ended. */
export async function ending(child: ChildProcess): Promise<Ended> {
  const started = performance.now();
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name]?.setEncoding("utf8").on("data", (chunk: string) => {
      output[name] += chunk;
    });
  }
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (...how) => resolve(how));
  });
  return { code, signal, ...output, seconds: (performance.now() - started) / 1000 };
}

/** What stands on standard error beside progress: a slow machine sees a line of that every five seconds. */
export function complaintsIn(stderr: string): string {
  return stderr.replaceAll(/^(?:Claims|View) {2}\d.*\n/gm, "");
}

/** Someone else's folder; `remove` removes it. */
export interface Folder {
  readonly path: string;
  write(files: Readonly<Record<string, string | Uint8Array>>): void;
  remove(): void;
}

export function createFolder(name = "specs"): Folder {
  const home = mkdtempSync(join(tmpdir(), "quiesce-cli-test-"));
  const path = join(home, name);
  mkdirSync(path);
  return {
    path,
    write(files) {
      for (const [file, content] of Object.entries(files)) {
        mkdirSync(dirname(join(path, file)), { recursive: true });
        writeFileSync(join(path, file), content);
      }
    },
    remove: () => rmSync(home, { recursive: true, force: true }),
  };
}

/** A module whose text no run has had before, so no cache has anything about it. */
export function module(name: string, body: string): string {
  return `---- MODULE ${name} ----\n\\* ${randomUUID()}\nEXTENDS Naturals, Sequences, TLC\n${body}\n====\n`;
}

/** A counter from 0 to Top, with properties that hold and properties that do not. */
export const COUNTER = `CONSTANT Top
VARIABLE x
Init == x = 0
Next == x < Top /\\ x' = x + 1
Spec == Init /\\ [][Next]_x
Small == x <= Top
Below == x < Top
Stays == x = 0
Over == <>(x > Top)`;

/** A claim: its header, and a configuration of COUNTER with Top = 3. */
export function claim(header: string, config = "INVARIANT Small\nCHECK_DEADLOCK FALSE"): string {
  const lines = header.split("\n").map((line) => `\\* ${line}\n`);
  return `${lines.join("")}SPECIFICATION Spec\nCONSTANT Top = 3\n${config}\n`;
}

const EIGHT = Array.from({ length: 8 }, (_, n) => n);

/** Eight threads store to one word and look at it. None sees it go back, which takes an engine long to find out. */
export const HARD_LITMUS = `C hard
{}
${EIGHT.map((n) => `P${n}(int *x) { WRITE_ONCE(*x, ${n + 1}); ${looks("int ", " = READ_ONCE(*x);")} }`).join("\n")}
locations [${EIGHT.map((n) => looks(`${n}:`, ";")).join(" ")}]
exists (7:r0=2 /\\ 7:r1=3 /\\ 7:r2=2)
`;

function looks(before: string, after: string): string {
  return [0, 1, 2].map((n) => `${before}r${n}${after}`).join(" ");
}

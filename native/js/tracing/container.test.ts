import { spawnSync } from "node:child_process";
import { chmodSync, chownSync, copyFileSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { buildController } from "./controller.js";
import {
  ALL_OFF,
  ALL_ON,
  babeltrace,
  buildVictim,
  fresh,
  hasBabeltrace,
  Running,
  told,
  wrongWith,
} from "./trace.fixture.js";

const [controller, victim] = await Promise.all([buildController(), buildVictim()]);
const readable = await hasBabeltrace();
const isRoot = process.getuid?.() === 0;

/** Can we have these namespaces of our own? */
const can = (...options: readonly string[]): boolean =>
  spawnSync("unshare", [...options, "true"], { stdio: "ignore" }).status === 0;

/** Others' users and processes; --kill-child: with unshare, the process that it has forked. */
const INSIDE = ["-Urpf", "--mount-proc", "--kill-child"];
const LATER = ["-T", "--monotonic", "1000000", "--boottime", "1000000"];

/** What stands before a program's name to start it where it is to live, and what it then says of itself. */
const PLACES: readonly {
  readonly place: string;
  readonly before: readonly string[];
  readonly words?: readonly string[];
  readonly pid?: number;
  readonly there: boolean;
}[] = [
  {
    place: "among others' users and processes",
    before: ["unshare", ...INSIDE],
    pid: 1,
    there: can(...INSIDE),
  },
  {
    place: "where it is another time",
    before: ["unshare", ...INSIDE, ...LATER],
    pid: 1,
    there: can(...INSIDE, ...LATER),
  },
  { place: "where there is no membarrier", before: [], words: ["refused", "1"], there: true },
];

async function processIn(directory: string): Promise<Record<string, unknown> | undefined> {
  const [line] = (await told([controller, "list", directory])).lines();
  return line?.["process"];
}

/** What has been recorded so far: the number of its events. */
async function recorded(directory: string, out: string): Promise<number> {
  const { child, stdout } = await told([controller, "record", directory, out, "--duration", "0"]);
  expect({ code: child.exitCode, stdout: stdout.includes('"damaged":0') }).toEqual({ code: 0, stdout: true });
  return Number(/"recorded":\{"events":(\d+)/.exec(stdout)?.[1]);
}

describe.runIf(readable)("a program that lives", () => {
  it.each(PLACES.filter(({ there }) => there))(
    "$place is switched, recorded and seen to die",
    async ({ before, words = [], pid }) => {
      const [directory, out] = [fresh(), fresh()];
      await told([controller, "apply", directory], ALL_ON);
      const program = new Running([...before, victim, directory, "pause", "100", ...words]);
      await program.said(words.length > 0 ? "open, with fences" : "open\n");
      expect(await processIn(directory)).toMatchObject({ alive: true, certain: true, ...(pid && { pid }) });
      while ((await recorded(directory, out)) === 0);
      // Off is off, for all of it, when the grace period is over.
      const off = await told([controller, "apply", directory], ALL_OFF);
      expect(off.lines()).toMatchObject([{ applied: { processes: 1, words: 1, waiting: [] } }]);
      await recorded(directory, out);
      expect(await recorded(directory, out)).toBe(0);
      await program.end("SIGKILL");
      // Its last files are closed a moment after its end.
      while ((await processIn(directory))?.["alive"] !== false);
      await recorded(directory, out);
      expect(wrongWith(await babeltrace(out))).toEqual([]);
      expect(readdirSync(directory).filter((name) => /life|trace/.test(name))).toEqual([]);
    },
  );

  it.runIf(can(...INSIDE))("under another name of the folder is found in it", async () => {
    const [directory, out, parent] = [fresh(), fresh(), fresh()];
    await told([controller, "apply", directory], ALL_ON);
    const elsewhere = join(parent, "elsewhere");
    mkdirSync(elsewhere);
    const script = 'mount --bind "$1" "$2" && exec "$0" "$2" pause 100';
    const program = new Running(["unshare", ...INSIDE, "sh", "-c", script, victim, directory, elsewhere]);
    await program.said("open");
    while ((await recorded(directory, out)) === 0);
    await program.end("SIGKILL");
    expect(wrongWith(await babeltrace(out))).toEqual([]);
  });

  it.runIf(isRoot)("as another user is traced by root, and says no to all others' folders", async () => {
    const [directory, out, programs] = [fresh(), fresh(), fresh()];
    const copy = join(programs, "victim");
    copyFileSync(victim, copy);
    chmodSync(programs, 0o755);
    const as = (uid: number): string[] => [
      "setpriv",
      `--reuid=${uid}`,
      `--regid=${uid}`,
      "--clear-groups",
      copy,
    ];
    // Root's own folder is none of theirs.
    const refused = await told([...as(1), directory]);
    expect(refused.child.exitCode).toBe(1);
    expect(refused.stderr).toMatch(
      /trace directory can't be opened|belongs to another user|Permission denied/,
    );
    chownSync(directory, 1, 1);
    const program = new Running([...as(1), directory, "pause", "100"]);
    await program.said("open");
    await told([controller, "apply", directory], ALL_ON);
    while ((await recorded(directory, out)) === 0);
    await program.end("SIGKILL");
    expect(wrongWith(await babeltrace(out))).toEqual([]);
    const other = await told([...as(2), directory]);
    expect(other.child.exitCode).toBe(1);
  });
});

import { spawnSync } from "node:child_process";
import {
  chmodSync,
  closeSync,
  copyFileSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { run } from "../compiler.js";
import { sanitizes } from "../test/program.js";
import { buildController } from "./controller.js";
import {
  ALL_OFF,
  ALL_ON,
  babeltrace,
  buildFake,
  buildScribbler,
  buildTestController,
  foldersOf,
  fresh,
  hasBabeltrace,
  Running,
  remove,
  told,
  wrongWith,
} from "./trace.fixture.js";
import { buildTraced } from "./traced-programs.js";

/** QUIESCE_TRACE_FUZZ=60 takes a minute; CI does so, each time with a seed of its own. */
const LONG = process.env["QUIESCE_TRACE_FUZZ"];
const SECONDS = Number(LONG ?? 4);
const SEED = Number(process.env["QUIESCE_TRACE_SEED"] ?? 1);

const controller = await buildController();
const fake = await buildFake();
const readable = await hasBabeltrace();

/** Can we have a mount namespace, and a file system of our own in it? */
const works = (...command: string[]): boolean => {
  const [program = "", ...rest] = command;
  return spawnSync(program, rest, { stdio: "ignore" }).status === 0;
};
const MOUNTS = ["unshare", "-Urm", "--propagation", "private"];
const mounts = works(...MOUNTS, "sh", "-c", "mount -t tmpfs -o size=64k none /mnt");

describe.runIf(await sanitizes("address,undefined"))("whatever stands in the shared memory", () => {
  it("nobody who reads it crashes, or reads outside", async () => {
    // The one side can't see the other's nonsense: both at the same time.
    const [readers, traced] = await Promise.all([fuzzReaders(), fuzzTraced()]);
    expect({ seed: SEED, wrong: [...readers.wrong, ...traced.wrong] }).toEqual({ seed: SEED, wrong: [] });
    expect(readers.bytes).toBeGreaterThan(10_000);
    expect(traced.bytes).toBeGreaterThan(10_000);
    if (LONG !== undefined)
      console.log(
        `seed ${SEED}: ${readers.bytes} bytes written under controllers and recorders, ${traced.bytes} under programs; exit codes:`,
        Object.fromEntries(readers.seen),
      );
  });
});

interface Fuzzed {
  readonly bytes: number;
  readonly wrong: readonly string[];
}

/** A traced program, whose file and control file somebody writes into: native/tracepoint/traced/test/hostile.c. */
async function fuzzTraced(): Promise<Fuzzed> {
  const program = await buildTraced("hostile", { sanitizer: "address,undefined" });
  const { code, signal, stdout, stderr } = await run([program, String(SECONDS), String(SEED)]);
  const bytes = Number(/^# (\d+) bytes written$/m.exec(stdout)?.[1] ?? 0);
  return { bytes, wrong: code === 0 && stderr === "" ? [] : [`${code} ${signal} ${stdout}${stderr}`] };
}

/** Controllers and recorders, with numbers that can't be right, and with such that can. */
async function fuzzReaders(): Promise<Fuzzed & { readonly seen: ReadonlyMap<number | null, number> }> {
  const sanitized = await buildTestController("sanitized");
  const scribbler = await buildScribbler();
  const wrong: string[] = [];
  const seen = new Map<number | null, number>();
  let bytes = 0;
  const check = (done: Running): void => {
    const code = done.child.exitCode;
    seen.set(code, (seen.get(code) ?? 0) + 1);
    if (![0, 2, 3].includes(code ?? -1) || done.stderr !== "") wrong.push(`${code} ${done.stderr}`);
    for (const line of done.stdout.split("\n")) if (line !== "") JSON.parse(line);
  };
  for (const how of [[], ["gently"]]) {
    const [directory, out] = [fresh(), fresh()];
    const from = Date.now();
    for (let round = 0; Date.now() - from < (SECONDS * 1000) / 2; round++) {
      rmSync(join(directory, "control"), { force: true });
      await told([controller, "apply", directory], ALL_ON);
      const programs = [
        new Running([fake, directory, "pause", "20"]),
        new Running([fake, directory, "overwrite"]),
      ];
      for (const program of programs) await program.said("open");
      const scribble = new Running([scribbler, directory, String(SEED * 1000 + round), ...how]);
      const recorder = new Running([sanitized, "record", directory, out]);
      for (const command of ["list", "status", "rules"]) check(await told([sanitized, command, directory]));
      check(await told([sanitized, "apply", directory, "--patience", "20"], round % 2 ? ALL_ON : ALL_OFF));
      check(await told([sanitized, "apply", directory, "--patience", "20"], ALL_ON));
      await recorder.end("SIGTERM");
      check(recorder);
      await scribble.end("SIGTERM");
      bytes += Number(scribble.stdout.trim().split("\n").at(-1));
      for (const program of programs) await program.end("SIGKILL");
      check(await told([sanitized, "reap", directory, "--unrecorded"]));
    }
    // What could be recorded is no less readable for it.
    if (readable) for (const folder of foldersOf(out)) wrong.push(...(await babeltrace(folder)).complaints);
  }
  return { bytes, wrong, seen };
}

describe("a folder that can't be trusted is refused", () => {
  it.each(["list", "status", "rules", "reap"])("%s", async (command) => {
    const parent = fresh();
    const refusal = async (path: string): Promise<string> => {
      const { child, stdout } = await told([controller, command, path]);
      expect(child.exitCode).toBe(2);
      return stdout;
    };
    expect(await refusal(join(parent, "none"))).toContain("no such trace directory");
    expect(await refusal(parent)).toContain("has no control file");
    await told([controller, "apply", join(parent, "real")], ALL_OFF);
    symlinkSync(join(parent, "real"), join(parent, "link"));
    expect(await refusal(join(parent, "link"))).toContain("no symbolic link");
    chmodSync(join(parent, "real"), 0o755);
    expect(await refusal(join(parent, "real"))).toContain("open to others (mode 755)");
    mkdirSync(join(parent, "pipes"), { mode: 0o700 });
    await run(["mkfifo", join(parent, "pipes", "control")]);
    expect(await refusal(join(parent, "pipes"))).toContain("no file of the directory's owner");
  });

  it.runIf(process.getuid?.() === 0)("another user's, but by root", async () => {
    const directory = fresh();
    await told([controller, "apply", directory], ALL_OFF);
    const program = join(fresh(), "quiesce-trace");
    copyFileSync(controller, program);
    chmodSync(join(program, ".."), 0o755);
    const other = await told([
      "setpriv",
      "--reuid",
      "1",
      "--regid",
      "1",
      "--clear-groups",
      program,
      "list",
      directory,
    ]);
    expect(other.child.exitCode).toBe(2);
    expect(other.stdout).toMatch(/can't be opened|belongs to user 0/);
  });
});

describe("who comes second is told who is there", () => {
  it("a controller and a recorder", async () => {
    const [directory, out] = [fresh(), fresh()];
    await told([controller, "apply", directory], ALL_ON);
    const recorder = new Running([controller, "record", directory, out]);
    await recorder.said('"recording"');
    const second = await told([controller, "record", directory, fresh()]);
    expect(second.child.exitCode).toBe(3);
    expect(second.stdout).toContain(`process ${recorder.child.pid} is recording`);
    expect((await told([controller, "mend", out])).stdout).toContain("somebody records into it");
    const holder = new Running([
      ...["flock", "--no-fork", join(directory, "lock")],
      ...["sh", "-c", "echo holds; exec sleep 600"],
    ]);
    await holder.said("holds");
    const late = await told([controller, "apply", directory, "--patience", "20"], ALL_ON);
    expect(late.child.exitCode).toBe(3);
    expect(late.stdout).toContain("is changing the rules");
    await holder.end("SIGKILL");
    expect(await recorder.end("SIGINT")).toBe(0);
  });
});

describe.runIf(readable)("a recording whose folder has no room, or is gone", () => {
  it("is ended with a message when it is removed, and nothing is taken from the rings", async () => {
    const [directory, out] = [fresh(), fresh()];
    await told([controller, "apply", directory], ALL_ON);
    const recorder = new Running([controller, "record", directory, out]);
    await recorder.said('"recording"');
    const program = new Running([fake, directory, "pause", "100"]);
    await recorder.said('"process"');
    remove(out);
    expect(await recorder.ended()).toBe(3);
    expect(recorder.stdout).toContain("the recording was removed");
    await program.end("SIGKILL");
    // What has not been recorded is still there, for another.
    mkdirSync(out);
    expect((await told([controller, "record", directory, out, "--duration", "0"])).child.exitCode).toBe(0);
    const read = await babeltrace(out);
    expect(read.complaints).toEqual([]);
    expect(read.lines.length).toBeGreaterThan(0);
  });

  it.runIf(mounts)("goes on when there is room again, and counts what was lost meanwhile", async () => {
    const [directory, out] = [fresh(), fresh()];
    await told([controller, "apply", directory], ALL_ON);
    const script = `
      said() { for i in $(seq 6000); do grep -q "$1" "$2/said" && return; sleep 0.01; done; }
      mount -t tmpfs -o size=256k none "$2" && dd if=/dev/zero of="$2/.filler" bs=1k count=160 2>/dev/null
      "$0" record "$1" "$2" > "$3/said" & recorder=$!
      said '"recording"' "$3"
      "$4" "$1" events 3000 pause 10 ring 16384 > "$3/wrote"
      said '"warning"' "$3"
      "$4" "$1" events 1000 pause 20 ring 16384 >> "$3/wrote" & program=$!
      rm "$2/.filler"
      said 'written to again' "$3"
      wait $program; kill -TERM $recorder; wait $recorder; echo $? > "$3/code"
      cp -r "$2" "$3/copy"`;
    const aside = fresh();
    const all = await told([...MOUNTS, "sh", "-c", script, controller, directory, out, aside, fake]);
    expect(all.stderr).toBe("");
    const said = (await run(["cat", join(aside, "said")])).stdout;
    expect(said).toContain("No space left on device");
    for (const folder of foldersOf(join(aside, "copy")))
      expect(wrongWith(await babeltrace(folder))).toEqual([]);
    expect((await run(["cat", join(aside, "code")])).stdout).toMatch(/^[03]\n$/);
    expect(readdirSync(out)).toEqual([]);
  });
});

/** Where native/tracepoint/layout.h has the first event of a process's file: its text's length, and then its text. */
const FIRST_EVENT = 4096 + 64 * 4096;
const TEXT = 16;

/** Describes the event anew, in the files of all processes of a directory. */
function describeAnew(directory: string, text: string): void {
  for (const name of readdirSync(directory).filter((file) => /^\d.*\.trace$/.test(file))) {
    const file = openSync(join(directory, name), "r+");
    writeSync(file, text, FIRST_EVENT + TEXT, "latin1");
    writeSync(file, Buffer.from(Uint32Array.of(text.length).buffer), 0, 4, FIRST_EVENT);
    closeSync(file);
  }
}

describe.runIf(readable)("an event that is described anew between two recordings into one folder", () => {
  it("stays what it was: else a text would be read as the length of a sequence, of gigabytes", async () => {
    const [directory, out] = [fresh(), fresh()];
    await told([controller, "apply", directory], ALL_ON);
    const record = async (): Promise<Running> => {
      const recorder = new Running([controller, "record", directory, out]);
      await recorder.said('"recording"');
      return recorder;
    };
    const first = await record();
    const program = new Running([fake, directory, "pause", "100"]);
    await first.said('"process"');
    await first.said('"progress"');
    expect(await first.end("SIGTERM")).toBe(0);
    const [folder = ""] = foldersOf(out);
    const before = (await babeltrace(folder)).lines.length;
    expect(before).toBeGreaterThan(0);
    describeAnew(directory, "fake:number;6;u4 thread;u8 n;q:u8 text");
    const second = await record();
    await second.said("described otherwise");
    await program.end("SIGKILL");
    expect(await second.end("SIGTERM")).toBe(0);
    const { lines, complaints } = await babeltrace(folder);
    expect(complaints).toEqual([]);
    expect(lines.length).toBeGreaterThanOrEqual(before);
  });
});

describe("a recording under another name", () => {
  it.runIf(readable)("is still one", async () => {
    const [directory, out] = [fresh(), fresh()];
    await told([controller, "apply", directory], ALL_ON);
    const recorder = new Running([controller, "record", directory, out]);
    await recorder.said('"recording"');
    const program = new Running([fake, directory, "events", "3000", "pause", "10"]);
    await recorder.said('"process"');
    onTestFinished(() => remove(`${out}-moved`));
    renameSync(out, `${out}-moved`);
    await program.ended();
    expect(await recorder.end("SIGINT")).toBe(0);
    expect(wrongWith(await babeltrace(`${out}-moved`))).toEqual([]);
  });
});

import { spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync } from "node:fs";
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

/** QUIESCE_TRACE_FUZZ=30 takes half a minute. */
const SECONDS = Number(process.env["QUIESCE_TRACE_FUZZ"] ?? 4);

const controller = await buildController();
const fake = await buildFake();
const readable = await hasBabeltrace();

/** Can we have a mount namespace, and a file system of our own in it? And other namespaces of users and processes? */
const works = (...command: string[]): boolean => {
  const [program = "", ...rest] = command;
  return spawnSync(program, rest, { stdio: "ignore" }).status === 0;
};
const MOUNTS = ["unshare", "-Urm", "--propagation", "private"];
const mounts = works(...MOUNTS, "sh", "-c", "mount -t tmpfs -o size=64k none /mnt");
const namespaces = works("unshare", "-Urpf", "--mount-proc", "true");

describe.runIf(await sanitizes("address,undefined"))("whatever stands in the shared memory", () => {
  it.each([[[]], [["gently"]]])("nobody who reads it crashes, or reads outside %j", async (how) => {
    const [directory, out] = [fresh(), fresh()];
    const sanitized = await buildTestController("sanitized");
    const scribbler = await buildScribbler();
    const from = Date.now();
    const wrong: string[] = [];
    const seen = new Map<number | null, number>();
    let bytes = 0;
    const check = (done: Running): void => {
      const code = done.child.exitCode;
      seen.set(code, (seen.get(code) ?? 0) + 1);
      if (![0, 2, 3].includes(code ?? -1) || done.stderr !== "") wrong.push(`${code} ${done.stderr}`);
      for (const line of done.stdout.split("\n")) if (line !== "") JSON.parse(line);
    };
    for (let round = 0; Date.now() - from < (SECONDS * 1000) / 2; round++) {
      rmSync(join(directory, "control"), { force: true });
      await told([controller, "apply", directory], ALL_ON);
      const programs = [
        new Running([fake, directory, "pause", "20"]),
        new Running([fake, directory, "overwrite"]),
      ];
      for (const program of programs) await program.said("open");
      const scribble = new Running([scribbler, directory, String(round + 1), ...how]);
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
    expect(wrong).toEqual([]);
    expect(bytes).toBeGreaterThan(10_000);
    // What could be recorded is no less readable for it.
    if (readable)
      for (const folder of foldersOf(out)) expect((await babeltrace(folder)).complaints).toEqual([]);
    if (process.env["QUIESCE_TRACE_FUZZ"] !== undefined)
      console.log(`${bytes} bytes scribbled; exit codes:`, Object.fromEntries(seen));
  });
});

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

describe.runIf(namespaces && readable)("a program in a container", () => {
  it("is seen, alive and dead, whatever its pid and its user are called there", async () => {
    const [directory, out] = [fresh(), fresh()];
    await told([controller, "apply", directory], ALL_ON);
    const words = [fake, directory, "events", "50", "stay"];
    const program = new Running(["unshare", "-Urpf", "--kill-child", "--mount-proc", ...words]);
    await program.said("done");
    const list = async (): Promise<unknown> =>
      (await told([controller, "list", directory])).lines()[0]?.["process"];
    expect(await list()).toMatchObject({ alive: true, certain: true, pid: 1 });
    // --kill-child: with unshare, the process that it has forked.
    await program.end("SIGKILL");
    expect(await list()).toMatchObject({ alive: false, pid: 1 });
    await told([controller, "record", directory, out, "--duration", "0"]);
    expect(wrongWith(await babeltrace(out))).toEqual([]);
    expect((await babeltrace(out)).lines).toHaveLength(50);
    expect(readdirSync(directory).filter((name) => name.endsWith(".life"))).toEqual([]);
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

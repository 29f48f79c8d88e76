// One set-up at a time in a clone.
import {
  mkdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";

/** How often the holder shows that it lives, and how long it may be silent for those who can't look at it. */
const BEAT_MS = 5_000;
const SILENT_MS = 60_000;

/**
 * Waits until no other process holds the lock file, and holds it until this one ends: two runs of npm in one folder
 * would get in each other's way. The lock of a process that is gone does not count, though another may have its number by
 * now: in a container, a killed set-up and the next one often have the same.
 */
export function takeTurns(lock) {
  mkdirSync(dirname(lock), { recursive: true });
  const own = JSON.stringify(identity(process.pid));
  for (let told = false; ; ) {
    try {
      writeFileSync(lock, own, { flag: "wx" });
      holdOn(lock, own);
      return;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
    const text = read(lock);
    if (text === undefined) continue;
    if (!isHeld(lock, text)) {
      remove(lock, text);
      continue;
    }
    if (!told) {
      const who = parse(text)?.pid === undefined ? "another one" : `another one, process ${parse(text).pid},`;
      process.stderr.write(`set-up: waiting for ${who} in this folder to finish. Its lock: ${lock}\n`);
    }
    told = true;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
  }
}

/** Shows that we live, for those in other containers and on other machines; ends with us. */
function holdOn(lock, own) {
  setInterval(() => {
    try {
      utimesSync(lock, new Date(), new Date());
    } catch {
      // Somebody has removed it by hand.
    }
  }, BEAT_MS).unref();
  process.on("exit", () => {
    if (read(lock) === own) rmSync(lock, { force: true });
  });
}

/** What no other process has, now or later: its number, when it was started, and where the number counts. */
function identity(pid) {
  return {
    pid,
    started: startOf(pid),
    boot: read("/proc/sys/kernel/random/boot_id")?.trim(),
    namespace: namespace(),
  };
}

/** In ticks since the system was started; undefined where that can't be seen. The name in parentheses may have spaces. */
function startOf(pid) {
  const stat = read(`/proc/${pid}/stat`);
  return stat?.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
}

function namespace() {
  try {
    return readlinkSync("/proc/self/ns/pid");
  } catch {
    return undefined;
  }
}

function isHeld(lock, text) {
  // Its owner has just created it and will write into it in a moment.
  if (text === "") return isFresh(lock, 2_000);
  const owner = parse(text);
  if (owner === undefined) return isFresh(lock, SILENT_MS);
  const here = identity(owner.pid);
  const visible = owner.boot === here.boot && owner.namespace === here.namespace;
  if (!visible) return isFresh(lock, SILENT_MS);
  if (here.started !== undefined) return owner.started === here.started;
  // Nobody has this number, or we may not look.
  return isAlive(owner.pid) && isFresh(lock, SILENT_MS);
}

function parse(text) {
  try {
    const owner = JSON.parse(text);
    return Number.isInteger(owner?.pid) && owner.pid > 0 ? owner : undefined;
  } catch {
    return undefined;
  }
}

function isFresh(lock, ms) {
  try {
    return Date.now() - statSync(lock).mtimeMs < ms;
  } catch {
    return false;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

/** Removes a lock, unless somebody has replaced it since it was read. */
function remove(lock, text) {
  const aside = `${lock}.${process.pid}`;
  try {
    renameSync(lock, aside);
  } catch {
    return; // Somebody else has removed it.
  }
  if (read(aside) === text) rmSync(aside, { force: true });
  else renameSync(aside, lock);
}

function read(file) {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (error.code === "ENOENT" || error.code === "ESRCH" || file.startsWith("/proc/")) return undefined;
    throw error;
  }
}

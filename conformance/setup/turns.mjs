// One set-up at a time in a clone.
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Waits until no other process holds the lock file, and holds it until this one ends: two runs of npm in one folder
 * would get in each other's way. The lock of a process that is gone does not count.
 */
export function takeTurns(lock) {
  mkdirSync(dirname(lock), { recursive: true });
  for (let told = false; ; ) {
    try {
      writeFileSync(lock, String(process.pid), { flag: "wx" });
      process.on("exit", () => rmSync(lock, { force: true }));
      return;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
    if (!isHeld(lock)) {
      rmSync(lock, { force: true });
      continue;
    }
    if (!told) process.stderr.write("set-up: waiting for another one in this folder to finish\n");
    told = true;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
  }
}

function isHeld(lock) {
  try {
    const text = readFileSync(lock, "utf8");
    // Its owner has just created it and will write its number in a moment.
    if (text === "") return Date.now() - statSync(lock).mtimeMs < 2000;
    process.kill(Number(text), 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

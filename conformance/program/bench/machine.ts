import { readFileSync } from "node:fs";
import { release } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { findCompiler } from "../../../native/js/compiler.js";
import { hardware } from "../../base/hardware.js";
import type { Machine } from "./figures.js";

/** A machine on which others use more than this is busy. */
export const BUSY = 0.1;

/** How long others are watched before anything is measured. */
const WATCHED_MS = 300;

/** The processors' time so far, in ticks: all of it, and the part in which they had nothing to do. */
export function processorTime(stat: string): { readonly all: number; readonly idle: number } {
  const fields = (stat.split("\n")[0] ?? "").trim().split(/\s+/).slice(1, 9).map(Number);
  const all = fields.reduce((sum, field) => sum + field, 0);
  return { all, idle: (fields[3] ?? 0) + (fields[4] ?? 0) };
}

/** What part of the machine's processors others use, while this process does nothing. */
async function busyPart(): Promise<number> {
  const read = () => processorTime(readFileSync("/proc/stat", "utf8"));
  const before = read();
  await sleep(WATCHED_MS);
  const after = read();
  const all = after.all - before.all;
  return all > 0 ? 1 - (after.idle - before.idle) / all : 0;
}

/** The machine that this runs on. */
export async function machineOf(liburcu: string | undefined): Promise<Machine> {
  return {
    ...hardware(),
    kernel: release(),
    compiler: (await findCompiler()).version,
    liburcu: liburcu ?? null,
    busy: Math.round((await busyPart()) * 100) / 100,
  };
}

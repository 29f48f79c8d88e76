import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { seen } from "../base/patient.fixture.js";
import { createScratch, type Scratch } from "../base/scratch.js";

/** Has far too many states to be explored in a minute. */
export const ENDLESS = `EXTENDS Naturals
VARIABLES a, b
Init == a = 0 /\\ b = 0
Next == a' = (a + 1) % 100000 /\\ b' \\in {b, (b + 1) % 100000}
Spec == Init /\\ [][Next]_<<a, b>>`;

/** The folders of one test: its own modules, and one in which the runs' scratch folders are made, so leftovers show. */
export class TestHome {
  readonly specs: string;
  readonly temporary: string;
  readonly #old = process.env["TMPDIR"];

  private constructor(private readonly scratch: Scratch) {
    this.specs = join(scratch.path, "specs");
    this.temporary = join(scratch.path, "tmp");
    mkdirSync(this.specs);
    mkdirSync(this.temporary);
    process.env["TMPDIR"] = this.temporary;
  }

  static async create(): Promise<TestHome> {
    return new TestHome(await createScratch("test"));
  }

  /** Where the folders are. */
  get path(): string {
    return this.scratch.path;
  }

  writeModule(name: string, body: string, folder = this.specs): string {
    mkdirSync(folder, { recursive: true });
    const file = join(folder, `${name}.tla`);
    writeFileSync(file, `---- MODULE ${name} ----\n${body}\n====\n`);
    return file;
  }

  /** The ids of the processes with a text in their command line (default: the test's folder), except zombies. */
  processes(text = this.temporary): number[] {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name) && name !== String(process.pid))
      .filter((pid) => {
        try {
          return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(text);
        } catch {
          return false;
        }
      })
      .map(Number);
  }

  /** TLC has begun to write states. */
  tlcRuns(): boolean {
    return readdirSync(this.temporary, { recursive: true }).some((file) => String(file).endsWith(".st"));
  }

  /** Nothing may be left of a run; a process that was just killed may take a moment to be collected. */
  async expectNothingLeft(): Promise<void> {
    await seen("no process is left", () => this.processes().length === 0);
    expect(readdirSync(this.temporary)).toEqual([]);
  }

  /** Gives the process its temporary folder back, and removes the test's. */
  async remove(): Promise<void> {
    if (this.#old === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = this.#old;
    await this.scratch.remove();
  }
}

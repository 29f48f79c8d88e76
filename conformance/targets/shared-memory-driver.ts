import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, readFileSync } from "node:fs";
import { createInterface, type Interface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { namelessFile } from "../../native/js/replay/progress.js";
import type { Json } from "../contract/json.js";
import type { Ask, Driver as Shape, Taken, Words, World } from "../drive/driver.js";

/** native/drive/shared_lane.c, compiled: the host is started with its path. */
const PROGRAM = process.argv[3] ?? "";

/** Where an operation of the library's user begins. */
const OPERATIONS: ReadonlySet<string> = new Set([
  "Claim",
  "Unregister",
  "LoadGp",
  "Dereference",
  "Unlock",
  "Publish",
  "FreeOld",
]);

/** What the specification calls the place at which the library stands at a step point of another name. */
const PLACES: Readonly<Record<string, string>> = { Share: "Look" };

/** Where a lane stands once an operation is over. */
const AFTERWARDS: Readonly<Record<string, string>> = {
  LoadGp: "Inside",
  Dereference: "Inside",
  Publish: "Free",
};

const FUTEX = "202";

/** A process that takes part, and where it stands. */
class Lane {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  #next: Promise<IteratorResult<string>>;
  operation = "";
  /** As the specification's pc. */
  place = "Idle";
  slot = 0;
  held = -1;

  constructor(file: string, capacity: number, role: "lane" | "look") {
    this.#child = spawn(PROGRAM, [file, String(capacity), role], { stdio: ["pipe", "pipe", "inherit"] });
    const lines: Interface = createInterface({ input: this.#child.stdout as NodeJS.ReadableStream });
    this.#lines = lines[Symbol.asyncIterator]();
    this.#next = this.#lines.next();
  }

  get id(): number {
    return this.#child.pid ?? 0;
  }

  write(line: string): void {
    this.#child.stdin?.write(`${line}\n`);
  }

  /** The next line that it writes. Throws when it has ended. */
  async line(): Promise<string> {
    const { done, value } = await this.#next;
    if (done) throw new Error("a process that takes part has ended by itself");
    this.#next = this.#lines.next();
    return value;
  }

  /** The next line, or undefined when it sleeps in a futex: it can't do both. */
  async lineOrSleep(): Promise<string | undefined> {
    for (;;) {
      const line = await Promise.race([this.#next, pause(1, undefined)]);
      if (line !== undefined) return this.line();
      if (!this.sleeps()) continue;
      // It may have written between the two looks.
      const late = await Promise.race([this.#next, pause(1, undefined)]);
      if (late === undefined && this.sleeps()) return undefined;
    }
  }

  sleeps(): boolean {
    try {
      return readFileSync(`/proc/${this.id}/syscall`, "utf8").startsWith(`${FUTEX} `);
    } catch {
      return false;
    }
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** Kills it, and waits until the kernel has gone through what it held. */
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#child.once("exit", resolve));
    this.#child.kill("SIGKILL");
    await ended;
  }
}

/**
 * Processes that share a domain, and die: each lane of SharedMemory.tla is a process of its own, which is let on from one
 * step point to the next, and killed where the specification kills it.
 */
export class Driver implements Shape {
  /** Without a name, so that nothing is left of it, however we end. */
  #memory: number | undefined;
  #file = "";
  #capacity = 1;
  #kinds = new Map<number, string>();
  #lanes = new Map<number, Lane | undefined>();
  #looker: Lane | undefined;

  async begin({ constants, lanes }: World): Promise<void> {
    await this.end();
    this.#memory = namelessFile();
    this.#file = `/proc/${process.pid}/fd/${this.#memory}`;
    this.#capacity = Number(constants["Slots"]);
    const made = spawn(PROGRAM, [this.#file, String(this.#capacity)], { stdio: "inherit" });
    const code = await new Promise((resolve, reject) => {
      made.once("error", reject);
      made.once("exit", resolve);
    });
    if (code !== 0) throw new Error(`the domain can't be made: exit code ${code}`);
    this.#looker = new Lane(this.#file, this.#capacity, "look");
    this.#kinds = new Map(lanes.map(({ kind, value }) => [Number(value), kind]));
    for (const lane of this.#kinds.keys()) await this.#start(lane);
  }

  async step({ step, lane: number }: Ask): Promise<Taken> {
    const lane = Number(number);
    if (step === "Kill") {
      await this.#lanes.get(lane)?.kill();
      this.#lanes.set(lane, undefined);
      return "done";
    }
    if (step === "Restart") {
      await this.#start(lane);
      return "done";
    }
    const one = this.#lanes.get(lane);
    if (one === undefined) return "refused";
    if (step === "Limit" || step === "FollowLimit") {
      one.signal("SIGUSR1");
      await this.#arrive(one, await one.line());
      // The step point of this name stands behind the wait.
      if (step === "Limit") await this.#goOn(one);
      return "done";
    }
    if (OPERATIONS.has(step)) {
      one.operation = step;
      // What it holds is gone with the section, which the operation leaves first.
      if (step === "Unlock") one.held = -1;
      one.write(step);
      await this.#arrive(one, await one.line());
      // Claim looks at one slot after the other.
      while (step === "Claim" && one.place === "Claim") await this.#goOn(one);
    } else if (step === "Share" || step === "Lead" || step === "Follow") await this.#fromLook(one, step);
    else await this.#goOn(one);
    await this.#settle();
    return "done";
  }

  async look(): Promise<Words> {
    this.#looker?.write("look");
    const seen = JSON.parse((await this.#looker?.line()) ?? "{}") as Record<string, Json>;
    const { end: _, freed, leader, ...rest } = seen;
    const words: Record<string, Json> = { ...rest, leader: this.#lock(leader) };
    for (let slot = 1; slot <= this.#capacity; slot++) words[`life${slot}`] = this.#lock(seen[`life${slot}`]);
    words["freed"] = Array.from({ length: 32 }, (_, i) => i).filter((i) => (Number(freed) >> i) & 1);
    for (const [lane, one] of this.#lanes) {
      words[`pc${lane}`] = one?.place ?? "Idle";
      words[`process${lane}`] = one === undefined ? "dead" : "lives";
      if (this.#kinds.get(lane) !== "reader") continue;
      words[`slot${lane}`] = one === undefined ? 0 : this.#slotOf(lane, one, words);
      words[`held${lane}`] = one?.held ?? -1;
    }
    return words;
  }

  /** While it claims one, the library has not said yet which it is: the slot whose lock it has taken. */
  #slotOf(lane: number, one: Lane, words: Words): number {
    const claiming = one.operation === "Claim" && one.place !== "Idle";
    if (!claiming) return one.slot;
    const slots = Array.from({ length: this.#capacity }, (_, i) => i + 1);
    return slots.find((slot) => Math.abs(Number(words[`life${slot}`])) === lane) ?? 0;
  }

  async end(): Promise<void> {
    for (const one of this.#lanes.values()) await one?.kill();
    await this.#looker?.kill();
    this.#lanes.clear();
    if (this.#memory !== undefined) closeSync(this.#memory);
    this.#memory = undefined;
  }

  async #start(lane: number): Promise<void> {
    const one = new Lane(this.#file, this.#capacity, "lane");
    await one.line();
    this.#lanes.set(lane, one);
  }

  /** Lets it on from its step point to the next, to the operation's end, or into the futex. */
  async #goOn(one: Lane): Promise<void> {
    const asleep = one.place === "Sleep" ? "Asleep" : one.place === "Follow" ? "Waits" : undefined;
    one.write("go on");
    const line = asleep === undefined ? await one.line() : await one.lineOrSleep();
    if (line === undefined) one.place = asleep ?? "Asleep";
    else await this.#arrive(one, line);
  }

  /** The library has a step point for each of three decisions that the specification makes at once. */
  async #fromLook(one: Lane, step: "Share" | "Lead" | "Follow"): Promise<void> {
    for (const _ of step === "Share" ? [1] : step === "Lead" ? [1, 2] : [1, 2, 3]) await this.#goOn(one);
  }

  async #arrive(one: Lane, line: string): Promise<void> {
    const [place = "", result = "0", slot = "0", held = "-1"] = line.split(" ");
    if (place !== "Idle") {
      one.place = PLACES[place] ?? place;
      return;
    }
    if (result !== "0") throw new Error(`${one.operation} ended with ${result}`);
    if (one.operation === "Claim" || one.operation === "Unregister") one.slot = Number(slot);
    if (one.operation === "Dereference") one.held = Number(held);
    one.place = AFTERWARDS[one.operation] ?? "Idle";
  }

  /** Whoever has been woken comes to its next step point. */
  async #settle(): Promise<void> {
    for (const one of this.#lanes.values()) {
      if (one === undefined || (one.place !== "Asleep" && one.place !== "Waits") || one.sleeps()) continue;
      const line = await one.lineOrSleep();
      if (line !== undefined) await this.#arrive(one, line);
    }
  }

  /** A robust lock as the specification numbers it. */
  #lock(seen: Json | undefined): Json {
    const [kind, id] = Array.isArray(seen) ? seen : [];
    const threads = this.#lanes.size;
    const owner = [...this.#lanes].find(([, one]) => one !== undefined && one.id === id)?.[0] ?? null;
    switch (kind) {
      case "free":
        return 0;
      case "died":
        return threads + 1;
      case "lost":
        return threads + 2;
      case "inherited":
        return owner === null ? null : -owner;
      default:
        return owner;
    }
  }
}

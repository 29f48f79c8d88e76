import { copyFileSync, cpSync, readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { run } from "../compiler.js";
import { buildController } from "./controller.js";
import { type CtfValue, fieldsOf, record, type ViewedItem, type ViewOptions, view } from "./index.js";
import {
  ALL_ON,
  buildFake,
  foldersOf,
  hasBabeltrace,
  Running,
  remove,
  told,
  traceFolder,
} from "./trace.fixture.js";

const folders: string[] = [];
const fresh = (): string => {
  const folder = traceFolder();
  folders.push(folder);
  return folder;
};
/** Every type of field with extreme values, and two threads' numbered events, of two processes. */
let recording = "";

beforeAll(async () => {
  const [directory, out] = [fresh(), fresh()];
  const [controller, fake] = [await buildController(), await buildFake()];
  await told([controller, "apply", directory], ALL_ON);
  const end = new AbortController();
  let begun = (): void => undefined;
  const begin = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const recorded = record(out, { directory, signal: end.signal, onStart: begun });
  await begin;
  const programs = [
    ["everything", "events", "10"],
    ["threads", "2", "events", "5000", "ring", "4096"],
    // After more than a millisecond, an event's head has the whole time.
    ["events", "20", "pause", "1500"],
  ].map((words) => new Running([fake, directory, ...words]));
  for (const program of programs) expect(await program.ended()).toBe(0);
  end.abort();
  expect((await recorded).events).toBeGreaterThan(100);
  recording = out;
});
afterAll(() => remove(...folders));

async function read(folder: string, options: ViewOptions = {}): Promise<ViewedItem[]> {
  const items: ViewedItem[] = [];
  for await (const item of view(folder, options)) items.push(item);
  return items;
}

/** The folder of the process that has hit this event. */
async function folderWith(pattern: string): Promise<string> {
  for (const folder of foldersOf(recording)) if ((await read(folder, { pattern })).length > 0) return folder;
  throw new Error(`nothing has hit ${pattern}`);
}

function isEvent(item: ViewedItem): item is Extract<ViewedItem, { readonly kind: "event" }> {
  return item.kind === "event";
}

/** As C's %g has it. */
function floatText(value: number): string {
  if (value === 0) return Object.is(value, -0) ? "-0" : "0";
  const exponent = Number(value.toExponential(5).split("e")[1]);
  if (exponent >= -4 && exponent < 6) return String(Number(value.toPrecision(6)));
  const [digits = "", power = ""] = value.toExponential(5).split("e");
  return `${digits.replace(/\.?0+$/, "")}e${power[0]}${power.slice(1).padStart(2, "0")}`;
}

/** A value as babeltrace2 prints it. */
function babelText(value: CtfValue): string {
  if (typeof value === "bigint") return String(value);
  if (typeof value === "number")
    return Number.isInteger(value) && Math.abs(value) < 2 ** 32 ? String(value) : floatText(value);
  if (Array.isArray(value))
    return value.length === 0
      ? "[ ]"
      : `[ ${value.map((one, i) => `[${i}] = ${babelText(one)}`).join(", ")} ]`;
  if ("text" in value)
    return `"${Buffer.from(value.text, "latin1").toString().replaceAll(/["\\]/g, "\\$&")}"`;
  if ("hex" in value) return `0x${value.hex.toString(16).toUpperCase()}`;
  if ("label" in value)
    return `( ${value.label === undefined ? "<unknown>" : `"${value.label}"`} : container = ${value.value} )`;
  return "?";
}

function babelLine(item: Extract<ViewedItem, { readonly kind: "event" }>): string {
  const fields = fieldsOf(item.fields).map(([name, value]) => `${name} = ${babelText(value)}`);
  const time = `${item.time / 1_000_000_000n}.${String(item.time % 1_000_000_000n).padStart(9, "0")}`;
  return `[${time}] ${item.event.name}: ${fields.length === 0 ? "{ }" : `{ ${fields.join(", ")} }`}`;
}

describe.skipIf(!(await hasBabeltrace()))("a recording", () => {
  it("is read as babeltrace2 reads it: every event, time and field", async () => {
    const { stdout } = await run(["babeltrace2", "--clock-seconds", "--no-delta", recording]);
    const theirs = stdout
      .trim()
      .split("\n")
      .map((line) => {
        const [, time, event, fields = ""] = /^(\[[\d.]+\]) \S+ (\S+: ).*?\}, (\{.*\})$/.exec(line) ?? [];
        // They print how many elements a sequence has.
        return `${time} ${event}${fields.replaceAll(/\w+ = \d+, (\w+ = \[)/g, "$1")}`;
      });
    const ours = (await read(recording)).filter(isEvent).map(babelLine);
    expect(ours.toSorted()).toEqual(theirs.toSorted());
    expect(ours.length).toBeGreaterThan(100);
  });
});

describe("a recording that is read", () => {
  it("is in the order of its times, and says what was lost, and whose", async () => {
    const items = await read(recording);
    expect(items.every(({ time }, i) => i === 0 || time >= (items[i - 1]?.time ?? 0n))).toBe(true);
    const lost = items.reduce((sum, item) => sum + (item.kind === "lost" ? item.count : 0n), 0n);
    const numbered = items
      .filter(isEvent)
      .filter(({ event }) => event.name === "fake:numbered" || event.name.endsWith(":count"));
    expect(numbered.length + Number(lost)).toBeGreaterThan(0);
    expect(items.every(({ thread }) => (thread ?? 0) > 0)).toBe(true);
  });

  it("is filtered by the language of tracepoints", async () => {
    const of = async (pattern: string, filter: string): Promise<number> =>
      (await read(recording, { pattern, filter })).filter(isEvent).length;
    expect(await of("fake:integers", "d == 18446744073709551615")).toBeGreaterThan(0);
    expect(await of("fake:integers", "~a == 0xffffffffffffff00 && a == 255")).toBeGreaterThan(0);
    expect(await of("fake:integers", "h == -9223372036854775808")).toBe(1);
    expect(await of("fake:strings", 'one =~ "a text*quotes*ä"')).toBe(1);
    expect(await of("fake:states", "state == LAST")).toBe(1);
    expect(await of("fake:floats", "twice < -1")).toBe(1);
    await expect(of("fake:floats", "thrice < -1")).rejects.toThrow("did you mean twice?");
  });

  it("that is damaged is said to be, and the rest is read", async () => {
    const copy = fresh();
    cpSync(recording, copy, { recursive: true });
    const folder = foldersOf(copy).find(
      (one) => readdirSync(one).filter((name) => name.startsWith("stream")).length > 1,
    );
    const [first = "", second = ""] = readdirSync(folder ?? "").filter((name) => name.startsWith("stream"));
    writeFileSync(
      join(folder ?? "", first),
      "this is no packet at all, but long enough to look like one, it seems",
    );
    truncateSync(join(folder ?? "", second), 90);
    const damage: string[] = [];
    const items = await read(copy, { onDamage: ({ message }) => damage.push(message) });
    expect(damage).toHaveLength(2);
    expect(damage[0]).toContain("damaged");
    expect(items.length).toBeGreaterThan(0);
    await expect(read(copy)).rejects.toThrow(/damaged/);
  });

  it("whose bytes are anything is refused, or read to its end", async () => {
    const copy = fresh();
    cpSync(recording, copy, { recursive: true });
    const [folder = ""] = foldersOf(copy);
    const [stream = ""] = readdirSync(folder).filter((name) => name.startsWith("stream"));
    const bytes = readFileSync(join(folder, stream));
    let seed = 1;
    for (let round = 0; round < 30; round++) {
      const changed = Buffer.from(bytes);
      for (let i = 0; i < 8; i++) {
        seed = (seed * 1103515245 + 12345) % 2147483648;
        changed[seed % changed.length] = seed >> 8;
      }
      writeFileSync(join(folder, stream), changed);
      await read(copy, { onDamage: () => undefined });
    }
  });

  it("may still have to begin, and grow", async () => {
    const [later, end] = [fresh(), new AbortController()];
    const [from = ""] = foldersOf(recording);
    const to = join(later, "process");
    const expected = 2 * (await read(from)).length;
    const streams = readdirSync(from).filter((name) => name.startsWith("stream"));
    let seen = 0;
    const reading = (async () => {
      for await (const _item of view(later, { follow: true, signal: end.signal })) {
        if (++seen === 1)
          for (const name of streams) copyFileSync(join(from, name), join(to, `${name}_again`));
        if (seen === expected) end.abort();
      }
    })();
    cpSync(from, to, { recursive: true });
    await reading;
    expect(seen).toBe(expected);
  });

  it("may have events that are described while it grows", async () => {
    const [later, end] = [fresh(), new AbortController()];
    const from = await folderWith("fake:integers");
    const to = join(later, "process");
    const text = readFileSync(join(from, "metadata"), "utf8");
    const [head = "", ...described] = text.split(/^(?=event \{)/m);
    cpSync(from, to, { recursive: true });
    writeFileSync(join(to, "metadata"), head + described[0]);
    const expected = (await read(from)).length;
    const damage: string[] = [];
    const onDamage = ({ message }: Error): void => {
      damage.push(message);
      end.abort();
    };
    const items: ViewedItem[] = [];
    const reading = (async () => {
      for await (const item of view(later, { follow: true, signal: end.signal, onDamage }))
        if (items.push(item) === expected) end.abort();
    })();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(items.length).toBeLessThan(expected);
    writeFileSync(join(to, "metadata"), text);
    await reading;
    expect({ damage, items: items.length }).toEqual({ damage: [], items: expected });
  });

  it("that is followed is said to be damaged where it stays unreadable", async () => {
    const [later, end] = [fresh(), new AbortController()];
    cpSync(await folderWith("fake:integers"), join(later, "process"), { recursive: true });
    for (const name of readdirSync(join(later, "process")))
      if (name.startsWith("stream")) truncateSync(join(later, "process", name), 90);
    const damage: string[] = [];
    const onDamage = ({ message }: Error): void => {
      damage.push(message);
      end.abort();
    };
    await read(later, { follow: true, signal: end.signal, onDamage });
    expect(damage[0]).toContain("packet");
  });

  it("is not there where nothing is", async () => {
    await expect(read(fresh())).rejects.toThrow("there is no recording here");
    await expect(read("/no/such/folder")).rejects.toThrow("can't be read");
  });
});

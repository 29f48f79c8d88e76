/*
 * WebAssembly, as far as the read side needs it: a shared memory, and an assembler of ten instructions. Its atomic
 * instructions belong to the same memory model as `Atomics` (sequentially consistent, one order for both), but V8
 * compiles each to one instruction of the processor, while a call of `Atomics` goes through a built-in function (12 ns
 * each on the machine where bench/ was written, and 3 to 5 ns this way).
 */

/** A shared `WebAssembly.Memory`. Threads pass it on to each other, in a message or as `workerData`. */
export interface SharedMemory {
  readonly buffer: SharedArrayBuffer;
}

/** A compiled module, which any thread can instantiate. */
type Module = object;

/** @types/node does not know it. */
interface Host {
  readonly Memory: new (size: { initial: number; maximum: number; shared: true }) => SharedMemory;
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => Module;
  readonly Instance: new (module: Module, imports: object) => { readonly exports: object };
}
const { Memory, Module, Instance } = (globalThis as unknown as { readonly WebAssembly: Host }).WebAssembly;

export const PAGE_BYTES = 65_536;

/** Fresh shared memory of so many pages, which can't grow. @throws RangeError if the machine has not so much */
export function createMemory(pages: number): SharedMemory {
  return new Memory({ initial: pages, maximum: pages, shared: true });
}

export function isSharedMemory(value: unknown): value is SharedMemory {
  return value instanceof Memory && value.buffer instanceof SharedArrayBuffer;
}

/** Instructions, encoded. Values are 32 bits wide. */
export type Code = readonly number[];

export const localGet = (local: number): Code => [0x20, ...unsigned(local)];
export const localSet = (local: number): Code => [0x21, ...unsigned(local)];
export const constant = (value: number): Code => [0x41, ...signed(value)];
export const call = (func: number): Code => [0x10, ...unsigned(func)];
export const subtract: Code = [0x6b];
export const lessUnsigned: Code = [0x49];
/** Takes an address; the offset is added to it. In bytes. */
export const atomicLoad = (offset: number): Code => [0xfe, 0x10, ALIGN, ...unsigned(offset)];
/** Takes an address and a value; the offset is added to the address. In bytes. */
export const atomicStore = (offset: number): Code => [0xfe, 0x17, ALIGN, ...unsigned(offset)];
/** `leaveIf(0)` in it goes to its end. */
export const block = (body: Code): Code => [0x02, NOTHING, ...body, END];
export const leaveIf = (levels: number): Code => [0x0d, ...unsigned(levels)];

const ALIGN = 2;
const NOTHING = 0x40;
const END = 0x0b;
const INT = 0x7f;

/** A function of a module: how many values it takes, beside them holds, and returns (0 or 1). */
export interface Func {
  readonly name: string;
  readonly takes: number;
  readonly holds: number;
  readonly returns: 0 | 1;
  readonly body: Code;
}

/** `call(STEP)` calls the function that `instantiate` is given. */
export const STEP = 0;

/** A module of these functions, which import a shared memory and a function that takes one value. */
export function compile(funcs: readonly Func[]): Module {
  const ints = (count: number): Code => vector(Array.from({ length: count }, () => [INT]));
  const type = (takes: number, returns: number): Code => [0x60, ...ints(takes), ...ints(returns)];
  const bodies = funcs.map(({ holds, body }) =>
    sized([...(holds === 0 ? [0] : [1, ...unsigned(holds), INT]), ...body, END]),
  );
  const memory = [...text("host"), ...text("memory"), 2, 3, ...unsigned(1), ...unsigned(MAX_PAGES)];
  const step = [...text("host"), ...text("step"), 0, 0];
  return new Module(
    Uint8Array.from([
      ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      ...section(1, [type(1, 0), ...funcs.map(({ takes, returns }) => type(takes, returns))]),
      ...section(2, [memory, step]),
      ...section(
        3,
        funcs.map((_, i) => unsigned(i + 1)),
      ),
      ...section(
        7,
        funcs.map(({ name }, i) => [...text(name), 0, ...unsigned(i + 1)]),
      ),
      ...section(10, bodies),
    ]),
  );
}

const MAX_PAGES = 65_536;

/** The functions of a module, on this memory. @param step what `call(STEP)` calls */
export function instantiate(module: Module, memory: SharedMemory, step: (id: number) => void): object {
  return new Instance(module, { host: { memory, step } }).exports;
}

function section(id: number, items: readonly Code[]): Code {
  return [id, ...sized(vector(items))];
}

function vector(items: readonly Code[]): Code {
  return [...unsigned(items.length), ...items.flat()];
}

function sized(bytes: Code): Code {
  return [...unsigned(bytes.length), ...bytes];
}

function text(name: string): Code {
  return sized([...new TextEncoder().encode(name)]);
}

/** LEB128. */
function unsigned(value: number): Code {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  return [...bytes, rest];
}

/** LEB128 of 32 bits with a sign. */
function signed(value: number): Code {
  const bytes: number[] = [];
  let rest = value | 0;
  for (; rest < -64 || rest > 63; rest >>= 7) bytes.push((rest & 0x7f) | 0x80);
  return [...bytes, rest & 0x7f];
}

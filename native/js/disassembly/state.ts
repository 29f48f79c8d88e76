/**
 * What a register holds, as far as it matters: an argument, what was loaded from somewhere, a symbol's address, or a
 * number (base ""), plus an offset. Undefined is what nobody needs to know.
 */
export interface Value {
  readonly base: string;
  readonly offset: number;
  /** The number of the load that it comes from. */
  readonly load?: number;
  /** When some of its bits were cut out. */
  readonly mask?: number;
  /** Of flags: the number of the load that it was compared with, instead of zero. */
  readonly other?: number;
}

/** One thing that the code does, in the order in which it stands there. */
export type Event = { readonly text: string } & (
  | { readonly is: "load"; readonly place: string; readonly mode: Mode; readonly through?: number }
  | { readonly is: "store"; readonly place: string; readonly mode: Mode; readonly value?: Value }
  | { readonly is: "fence" | "locked" }
  | { readonly is: "call"; readonly callee: string }
  | {
      readonly is: "branch";
      readonly load: number;
      readonly zero: boolean;
      readonly mask?: number;
      readonly other?: number;
    }
);

/** What the instruction promises beside the access itself. */
export type Mode = "plain" | "acquire" | "release";

/** What a path has done so far. */
export class State {
  readonly events: Event[];
  private readonly registers: Map<string, Value>;
  /** What was compared with zero last. */
  flags: Value | undefined;

  constructor(
    registers: Iterable<readonly [string, Value]>,
    private readonly stack: string,
    events: readonly Event[] = [],
    flags?: Value,
  ) {
    this.registers = new Map(registers);
    this.events = [...events];
    this.flags = flags;
  }

  copy(): State {
    return new State(this.registers, this.stack, this.events, this.flags);
  }

  get(register: string): Value | undefined {
    return register === this.stack ? { base: "stack", offset: 0 } : this.registers.get(register);
  }

  set(register: string, value: Value | undefined): void {
    if (value === undefined) this.registers.delete(register);
    else this.registers.set(register, value);
  }

  /** A load. What is on the stack is nobody else's, and no access that counts. */
  load(address: Value, mode: Mode, text: string): Value | undefined {
    if (address.base === "stack") return undefined;
    const place = placeOf(address);
    const through = address.load;
    this.events.push({ is: "load", place, mode, text, ...(through !== undefined && { through }) });
    return { base: `[${place}]`, offset: 0, load: this.events.length - 1 };
  }

  store(address: Value, value: Value | undefined, mode: Mode, text: string): void {
    if (address.base === "stack") return;
    this.events.push({ is: "store", place: placeOf(address), mode, text, ...(value && { value }) });
  }

  event(event: Event): void {
    this.events.push(event);
  }

  /** What a call leaves alone is not told apart: afterwards nothing is known. */
  forget(): void {
    this.registers.clear();
    this.flags = undefined;
  }
}

export const placeOf = ({ base, offset }: Value): string => (offset === 0 ? base : `${base}+${offset}`);

export const number = (offset: number): Value => ({ base: "", offset });

export const moved = (value: Value | undefined, by: number): Value | undefined =>
  value === undefined || value.mask !== undefined ? undefined : { ...value, offset: value.offset + by };

export const masked = (value: Value | undefined, mask: number): Value | undefined => {
  if (value === undefined || value.offset !== 0) return undefined;
  const { base, load } = value;
  return { base, offset: 0, mask, ...(load !== undefined && { load }) };
};

/** What flags say of two values: undefined where neither is zero, nor both were loaded as they are. */
export function compared(left: Value | undefined, right: Value | undefined): Value | undefined {
  if (right?.base === "" && right.offset === 0) return left;
  const whole = (value: Value | undefined) =>
    value?.load !== undefined && value.offset === 0 && value.mask === undefined;
  if (left === undefined || right?.load === undefined || !whole(left) || !whole(right)) return undefined;
  return { ...left, other: right.load };
}

/** The address of a word in the calling thread's own memory, by what says how far into it. */
export const ofThread = (value: Value | undefined): Value | undefined =>
  value === undefined || value.offset !== 0 ? undefined : { base: `thread+${value.base}`, offset: 0 };

/** How an instruction goes on: to the next one, elsewhere, either, or nowhere. */
export type Flow =
  | { readonly go: "on" }
  | { readonly go: "end" }
  | { readonly go: "to"; readonly target: number }
  | {
      readonly go: "either";
      readonly target: number;
      readonly tested: Value | undefined;
      readonly jumpsIfZero: boolean;
    };

export const ON: Flow = { go: "on" };

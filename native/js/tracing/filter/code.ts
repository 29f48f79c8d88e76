/** The operations of a filter, as native/tracepoint/FILTER.md numbers them. */
export const OP = {
  int: 0x01,
  float: 0x02,
  string: 0x03,
  field: 0x04,
  eq: 0x10,
  ne: 0x11,
  lt: 0x12,
  le: 0x13,
  gt: 0x14,
  ge: 0x15,
  match: 0x16,
  and: 0x20,
  or: 0x21,
  not: 0x22,
  add: 0x30,
  sub: 0x31,
  mul: 0x32,
  div: 0x33,
  mod: 0x34,
  bitand: 0x35,
  bitor: 0x36,
  bitxor: 0x37,
} as const;

export type Op = (typeof OP)[keyof typeof OP];

/** What takes two operands, by its sign in a filter's text. */
export const BINARY: Readonly<Record<string, Op>> = {
  "==": OP.eq,
  "!=": OP.ne,
  "<": OP.lt,
  "<=": OP.le,
  ">": OP.gt,
  ">=": OP.ge,
  "=~": OP.match,
  "&&": OP.and,
  "||": OP.or,
  "+": OP.add,
  "-": OP.sub,
  "*": OP.mul,
  "/": OP.div,
  "%": OP.mod,
  "&": OP.bitand,
  "|": OP.bitor,
  "^": OP.bitxor,
};

/** A filter has at most so many bytes, and so many values at a time: QS_TRACE_FILTER_MAX, and the interpreter's stack. */
export const MOST_BYTES = 976;
export const MOST_VALUES = 16;

/** One operation with its operand. */
export type Instruction =
  | { readonly op: typeof OP.int; readonly value: bigint }
  | { readonly op: typeof OP.float; readonly value: number }
  | { readonly op: typeof OP.string; readonly value: string }
  | { readonly op: typeof OP.field; readonly hash: number }
  | { readonly op: Exclude<Op, 1 | 2 | 3 | 4> };

/** FNV-1a of a field's name, which stands for it. */
export function hashOf(name: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(name, "utf8")) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}

export function encode(instructions: readonly Instruction[]): Buffer {
  return Buffer.concat(
    instructions.map((instruction) => {
      const { op } = instruction;
      const operand = Buffer.alloc(op === OP.field ? 4 : op === OP.int || op === OP.float ? 8 : 0);
      if (op === OP.int) operand.writeBigInt64LE(instruction.value);
      if (op === OP.float) operand.writeDoubleLE(instruction.value);
      if (op === OP.field) operand.writeUInt32LE(instruction.hash);
      if (op !== OP.string) return Buffer.concat([Buffer.of(op), operand]);
      return Buffer.concat([
        Buffer.of(op, instruction.value.length),
        Buffer.from(instruction.value, "latin1"),
      ]);
    }),
  );
}

const NAMED = new Set<number>(Object.values(OP));

/** The instructions of a filter; undefined where the bytes are none. */
export function decode(bytes: Uint8Array): Instruction[] | undefined {
  const data = Buffer.from(bytes);
  const instructions: Instruction[] = [];
  for (let at = 0; at < data.length; ) {
    const op = data[at++] as Op;
    const length = op === OP.string ? 1 + (data[at] ?? 0) : op === OP.field ? 4 : op <= OP.float ? 8 : 0;
    if (!NAMED.has(op) || at + length > data.length) return undefined;
    if (op === OP.int) instructions.push({ op, value: data.readBigInt64LE(at) });
    else if (op === OP.float) instructions.push({ op, value: data.readDoubleLE(at) });
    else if (op === OP.field) instructions.push({ op, hash: data.readUInt32LE(at) });
    else if (op === OP.string) instructions.push({ op, value: data.toString("latin1", at + 1, at + length) });
    else instructions.push({ op });
    at += length;
  }
  return instructions;
}

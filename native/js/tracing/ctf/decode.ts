import { TraceFormatError } from "./error.js";
import { type CtfRecord, type CtfType, type CtfValue, type IntegerType, numberIn } from "./types.js";

/** So many values has no event that somebody recorded on purpose. */
const MOST_VALUES = 1 << 20;

/** Reads values out of a packet, bit by bit where they aren't whole bytes. */
export class Cursor {
  /** In bits, from the packet's begin. */
  at = 0;
  private values = 0;

  constructor(
    private readonly bytes: Buffer,
    /** In bits: what lies behind belongs to nobody. */
    public end: number,
    private readonly where: string,
  ) {}

  /** Begins an event: what limits its size begins anew. */
  restart(): void {
    this.values = 0;
  }

  /** A value of a type. `scopes` are the records around it, the innermost last, for what refers to another field. */
  read(type: CtfType, scopes: readonly CtfRecord[] = []): CtfValue {
    if (++this.values > MOST_VALUES) throw this.damaged("an event has too many values");
    this.align(type.align);
    switch (type.kind) {
      case "integer":
        return this.number(type);
      case "float":
        return this.float(type.size, type.big);
      case "string":
        return this.string();
      case "enum": {
        const value = BigInt(this.integer(type.of));
        const found = type.ranges.find(({ from, to }) => value >= from && value <= to);
        return { label: found?.label, value };
      }
      case "struct":
        return this.struct(type, scopes);
      case "variant":
        return this.variant(type, scopes);
      case "array":
        return this.array(type, scopes);
    }
  }

  private struct(
    { fields, counts }: Extract<CtfType, { readonly kind: "struct" }>,
    scopes: readonly CtfRecord[],
  ): CtfRecord {
    const values = new Map<string, CtfValue>();
    const record = { fields: values, counts };
    const inner = [...scopes, record];
    for (const { name, type } of fields) values.set(name, this.read(type, inner));
    return record;
  }

  private variant(
    type: Extract<CtfType, { readonly kind: "variant" }>,
    scopes: readonly CtfRecord[],
  ): CtfValue {
    const tag = this.referred(type.tag, scopes);
    const label = typeof tag === "object" && "label" in tag ? tag.label : undefined;
    const chosen = type.fields.find(({ name }) => name === label || name === `_${label}`);
    if (chosen === undefined)
      throw this.damaged(`the variant of ${type.tag} has no case ${label ?? "for its value"}`);
    return this.read(chosen.type, scopes);
  }

  private array(type: Extract<CtfType, { readonly kind: "array" }>, scopes: readonly CtfRecord[]): CtfValue {
    const count =
      typeof type.count === "number" ? type.count : Number(numberIn(this.referred(type.count, scopes)) ?? -1);
    if (!(count >= 0 && count <= MOST_VALUES)) throw this.damaged(`an array of ${count} elements`);
    if (type.of.kind === "integer" && type.of.text && type.of.size === 8) {
      this.need(8 * count);
      const from = this.at / 8;
      this.at += 8 * count;
      const text = this.bytes.toString("latin1", from, from + count);
      return { text: text.replace(/\0[\s\S]*$/, "") };
    }
    const values: CtfValue[] = [];
    for (let i = 0; i < count; i++) values.push(this.read(type.of, scopes));
    return values;
  }

  private referred(path: string, scopes: readonly CtfRecord[]): CtfValue | undefined {
    const parts = path.split(".");
    for (const scope of scopes.toReversed()) {
      // "stream.event.header.id" names its scope; the field's own name is all that is needed to find it.
      for (let from = 0; from < parts.length; from++) {
        let value: CtfValue | undefined = scope;
        for (const part of parts.slice(from)) {
          value = typeof value === "object" && "fields" in value ? value.fields.get(part) : undefined;
        }
        if (value !== undefined) return value;
      }
    }
    throw this.damaged(`nothing is called ${path}`);
  }

  private number(type: IntegerType): CtfValue {
    const value = this.integer(type);
    return type.base === 16
      ? { hex: BigInt.asUintN(type.size, BigInt(value)), size: type.size }
      : type.size > 32
        ? value
        : Number(value);
  }

  private integer({ size, signed, big }: IntegerType): bigint | number {
    this.need(size);
    const at = this.at >> 3;
    const isWhole = this.at % 8 === 0 && (size === 8 || size === 16 || size === 32 || size === 64);
    if (!isWhole) return this.bits(size, signed, big);
    this.at += size;
    if (size === 8) return signed ? this.bytes.readInt8(at) : this.bytes.readUInt8(at);
    if (size === 64) {
      if (big) return signed ? this.bytes.readBigInt64BE(at) : this.bytes.readBigUInt64BE(at);
      return signed ? this.bytes.readBigInt64LE(at) : this.bytes.readBigUInt64LE(at);
    }
    const bytes = size / 8;
    if (big) return signed ? this.bytes.readIntBE(at, bytes) : this.bytes.readUIntBE(at, bytes);
    return signed ? this.bytes.readIntLE(at, bytes) : this.bytes.readUIntLE(at, bytes);
  }

  /** Bits that aren't whole bytes: the first are the lowest of a byte, or with big endian the highest. */
  private bits(size: number, signed: boolean, big: boolean): bigint | number {
    const from = this.at >> 3;
    const before = this.at % 8;
    const bytes = Math.ceil((before + size) / 8);
    this.at += size;
    if (bytes > 6) return this.manyBits(from, bytes, { size, signed, big, before });
    const all = big ? this.bytes.readUIntBE(from, bytes) : this.bytes.readUIntLE(from, bytes);
    const behind = big ? 8 * bytes - before - size : before;
    const value = Math.floor(all / 2 ** behind) % 2 ** size;
    return signed && value >= 2 ** (size - 1) ? value - 2 ** size : value;
  }

  /** The same where a number isn't exact. */
  private manyBits(
    from: number,
    bytes: number,
    { size, signed, big, before }: Pick<IntegerType, "size" | "signed" | "big"> & { readonly before: number },
  ): bigint {
    const taken = this.bytes.subarray(from, from + bytes);
    const all = BigInt(`0x${(big ? taken : Buffer.from(taken).reverse()).toString("hex")}`);
    const value = BigInt.asUintN(size, all >> BigInt(big ? 8 * bytes - before - size : before));
    return signed ? BigInt.asIntN(size, value) : value;
  }

  private float(size: number, big: boolean): number {
    this.need(size);
    const at = this.at / 8;
    this.at += size;
    if (size === 32) return big ? this.bytes.readFloatBE(at) : this.bytes.readFloatLE(at);
    return big ? this.bytes.readDoubleBE(at) : this.bytes.readDoubleLE(at);
  }

  private string(): CtfValue {
    const from = this.at / 8;
    const to = this.bytes.indexOf(0, from);
    if (to < 0 || 8 * (to + 1) > this.end) throw this.damaged("a string has no end");
    this.at = 8 * (to + 1);
    return { text: this.bytes.toString("latin1", from, to) };
  }

  private align(bits: number): void {
    this.at = Math.ceil(this.at / bits) * bits;
  }

  private need(bits: number): void {
    if (this.at + bits > this.end) throw this.damaged("a value runs over the packet's end");
  }

  damaged(what: string): TraceFormatError {
    return new TraceFormatError(`the recording is damaged: ${what}`, { where: this.where });
  }
}

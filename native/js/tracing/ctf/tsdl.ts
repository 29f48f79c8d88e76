import { TraceFormatError } from "./error.js";
import type { CtfField, CtfType, IntegerType } from "./types.js";
import { type Word, wordsOf } from "./words.js";

/** What a block such as `clock { ... }` says: constants, and the types of its parts. */
export interface Block {
  readonly kind: string;
  readonly values: ReadonlyMap<string, string>;
  readonly types: ReadonlyMap<string, CtfType>;
  readonly line: number;
}

type Aliases = Map<string, CtfType>;
type Range = { readonly label: string; readonly from: bigint; readonly to: bigint };

const DEEPEST = 64;

/** Reads TSDL, the language of a trace's metadata, into its blocks. */
export function parseTsdl(text: string, where: string): Block[] {
  return new Parser(wordsOf(text, where), where).blocks();
}

class Parser {
  private next = 0;
  private depth = 0;
  private readonly aliases: Aliases[] = [new Map()];
  private big = false;

  constructor(
    private readonly words: readonly Word[],
    private readonly where: string,
  ) {}

  blocks(): Block[] {
    const blocks: Block[] = [];
    while (this.peek().kind !== "end") {
      const { text, line } = this.peek();
      if (this.isDeclaration()) this.declaration();
      else if (/^(?:trace|env|clock|stream|event|callsite)$/.test(text) && this.peek(1).text === "{") {
        this.next++;
        blocks.push({ kind: text, ...this.body(), line });
        this.expect(";");
      } else throw this.unexpected();
    }
    return blocks;
  }

  private body(): Omit<Block, "kind" | "line"> {
    const values = new Map<string, string>();
    const types = new Map<string, CtfType>();
    this.expect("{");
    this.aliases.push(new Map());
    while (!this.accept("}")) {
      if (this.isDeclaration()) {
        this.declaration();
        continue;
      }
      const path = this.path();
      if (this.accept(":=")) types.set(path, this.type());
      else {
        this.expect("=");
        values.set(path, this.constant());
        // What follows may depend on it already.
        if (path === "byte_order") this.big = /^(?:be|network)$/.test(values.get(path) ?? "");
      }
      this.expect(";");
    }
    this.aliases.pop();
    return { values, types };
  }

  private isDeclaration(): boolean {
    const { text } = this.peek();
    if (text === "typealias" || text === "typedef") return true;
    return /^(?:struct|enum|variant)$/.test(text);
  }

  private declaration(): void {
    const { text } = this.peek();
    if (text === "typealias" || text === "typedef") {
      this.next++;
      const type = text === "typealias" ? this.type() : this.type(true);
      if (text === "typealias") this.expect(":=");
      const name: string[] = [];
      while (!this.accept(";")) name.push(this.name());
      this.define(name.join(" "), type);
      return;
    }
    this.type();
    this.expect(";");
  }

  private define(name: string, type: CtfType): void {
    this.aliases.at(-1)?.set(name, type);
  }

  private known(name: string): CtfType | undefined {
    for (const scope of this.aliases.toReversed()) {
      const type = scope.get(name);
      if (type !== undefined) return type;
    }
    return undefined;
  }

  /** @param declares its last word is the name that is declared, and is left */
  private type(declares = false): CtfType {
    if (++this.depth > DEEPEST) throw this.fail("types are nested too deeply");
    const made = this.typeItself(declares);
    this.depth--;
    return made;
  }

  private typeItself(declares: boolean): CtfType {
    const { text } = this.peek();
    switch (text) {
      case "integer":
        this.next++;
        return this.integer();
      case "floating_point":
        this.next++;
        return this.float();
      case "string":
        this.next++;
        if (this.peek().text === "{") this.body();
        return { kind: "string", align: 8 };
      case "struct":
      case "variant":
      case "enum":
        this.next++;
        return this.compound(text);
      default:
        return this.alias(declares);
    }
  }

  private alias(declares: boolean): CtfType {
    const { line } = this.peek();
    const name = [this.name()];
    const isWord = (ahead = 0): boolean => this.peek(ahead).kind === "name";
    while (isWord() && (!declares || isWord(1))) name.push(this.name());
    const type = this.known(name.join(" "));
    if (type === undefined) throw this.fail(`there is no type "${name.join(" ")}"`, line);
    return type;
  }

  private integer(): IntegerType {
    const { values } = this.body();
    const size = this.small(values.get("size"), "size", 64);
    const big = this.order(values.get("byte_order"));
    const align = this.small(values.get("align") ?? (size % 8 === 0 ? "8" : "1"), "align", 4096);
    const signed = /^(?:true|1)$/i.test(values.get("signed") ?? "false");
    const base = values.get("base") ?? "10";
    const isHex = /^(?:16|hex|hexadecimal|x|X|p)$/.test(base);
    const text = /^(?:UTF8|ASCII|utf8|ascii)$/.test(values.get("encoding") ?? "");
    return { kind: "integer", size, align, signed, big, base: isHex ? 16 : 10, text };
  }

  private float(): CtfType {
    const { values } = this.body();
    const size =
      this.small(values.get("exp_dig"), "exp_dig", 64) + this.small(values.get("mant_dig"), "mant_dig", 64);
    if (size !== 32 && size !== 64) throw this.fail(`a float of ${size} bits is not read here`);
    const align = this.small(values.get("align") ?? "8", "align", 4096);
    return { kind: "float", size, align, big: this.order(values.get("byte_order")) };
  }

  private order(word: string | undefined): boolean {
    return word === undefined || word === "native" ? this.big : word === "be" || word === "network";
  }

  private small(text: string | undefined, what: string, most: number): number {
    const value = Number(text);
    if (text === undefined || !Number.isInteger(value) || value < 1 || value > most)
      throw this.fail(`${what} is from 1 to ${most}, not ${text ?? "missing"}`);
    return value;
  }

  private compound(kind: "struct" | "variant" | "enum"): CtfType {
    const name = this.peek().kind === "name" && this.peek().text !== "align" ? this.name() : undefined;
    const tag = kind === "variant" && this.accept("<") ? this.path() : undefined;
    if (tag !== undefined) this.expect(">");
    const of = kind === "enum" && this.accept(":") ? this.type() : undefined;
    if (this.peek().text !== "{") {
      const found = name === undefined ? undefined : this.known(`${kind} ${name}`);
      if (found === undefined) throw this.unexpected();
      return found.kind === "variant" && tag !== undefined ? { ...found, tag } : found;
    }
    const type = kind === "enum" ? this.enumeration(of ?? this.known("int")) : this.members(kind, tag ?? "");
    if (name !== undefined) this.define(`${kind} ${name}`, type);
    return type;
  }

  private members(kind: "struct" | "variant", tag: string): CtfType {
    const fields: CtfField[] = [];
    this.expect("{");
    this.aliases.push(new Map());
    while (!this.accept("}")) {
      if (/^type(?:alias|def)$/.test(this.peek().text)) {
        this.declaration();
        continue;
      }
      const base = this.type(true);
      if (this.accept(";")) continue;
      const name = this.name();
      fields.push({ name, type: this.arrays(base) });
      this.expect(";");
    }
    this.aliases.pop();
    let align = kind === "struct" ? Math.max(1, ...fields.map(({ type }) => type.align)) : 1;
    if (kind === "struct" && this.accept("align")) {
      this.expect("(");
      align = Math.max(align, this.small(this.constant(), "align", 4096));
      this.expect(")");
    }
    if (kind === "variant") return { kind, align, tag, fields };
    const counts = fields.flatMap(({ type }) =>
      type.kind === "array" && typeof type.count === "string" ? [type.count] : [],
    );
    return { kind, align, fields, counts: new Set(counts) };
  }

  /** The brackets behind a name, of which the first is the outermost. */
  private arrays(base: CtfType): CtfType {
    if (!this.accept("[")) return base;
    const count = this.peek().kind === "number" ? Number(this.constant()) : this.path();
    this.expect("]");
    const of = this.arrays(base);
    return { kind: "array", align: of.align, of, count };
  }

  private enumeration(of: CtfType | undefined): CtfType {
    if (of?.kind !== "integer") throw this.fail("an enumeration has integers");
    const ranges: Range[] = [];
    let free = 0n;
    this.expect("{");
    while (!this.accept("}")) {
      const label = this.peek().kind === "string" ? this.take() : this.name();
      const from = this.accept("=") ? BigInt(this.whole()) : free;
      const to = this.accept("...") ? BigInt(this.whole()) : from;
      ranges.push({ label, from, to });
      free = to + 1n;
      if (this.peek().text !== "}") this.expect(",");
    }
    return { kind: "enum", align: of.align, of, ranges };
  }

  private whole(): string {
    const text = this.constant();
    if (!/^[-+]?\d+$/.test(text)) throw this.fail(`${text} is no whole number`);
    return text.replace("+", "");
  }

  private constant(): string {
    const sign = this.accept("-") ? "-" : this.accept("+") ? "" : "";
    const { kind } = this.peek();
    if (kind === "name") return this.path();
    if (kind !== "number" && kind !== "string") throw this.unexpected();
    return sign + this.take();
  }

  private path(): string {
    const parts = [this.name()];
    while (this.accept(".") || this.accept("->")) parts.push(this.name());
    return parts.join(".");
  }

  private peek(ahead = 0): Word {
    return this.words[Math.min(this.next + ahead, this.words.length - 1)] as Word;
  }

  private take(): string {
    return (this.words[this.next++] as Word).text;
  }

  private accept(text: string): boolean {
    const { kind, text: found } = this.peek();
    if (found !== text || (kind !== "sign" && kind !== "name")) return false;
    this.next++;
    return true;
  }

  private expect(text: string): void {
    if (!this.accept(text)) throw this.unexpected(`where ${text} belongs`);
  }

  private name(): string {
    if (this.peek().kind !== "name") throw this.unexpected("where a name belongs");
    return this.take();
  }

  private unexpected(more = ""): TraceFormatError {
    const { kind, text } = this.peek();
    return this.fail(`the metadata ${kind === "end" ? "ends too early" : `has "${text}"`} ${more}`.trim());
  }

  private fail(message: string, line = this.peek().line): TraceFormatError {
    return new TraceFormatError(message, { where: `${this.where}:${line}` });
  }
}

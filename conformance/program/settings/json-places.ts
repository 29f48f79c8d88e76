/** A text that is no JSON: what is wrong, and where it is, in UTF-16 units from 0. */
export class JsonSyntaxError extends Error {
  constructor(
    message: string,
    readonly offset: number,
  ) {
    super(message);
  }
}

/** A JSON value, and where each part of it stands: by its JSON pointer, and with `#` in front that of its key. */
export interface PlacedJson {
  readonly value: unknown;
  readonly places: ReadonlyMap<string, number>;
}

const SPACE = /[ \t\r\n]*/y;
const TOKEN = /[{}[\],:]|"(?:[^"\\\r\n]|\\.)*"|[^\s{}[\],:"]+|"|$/y;

/**
 * Parses JSON as JSON.parse does, and says where each value stands and what is wrong where, which that leaves out. A key
 * that appears twice is a mistake, too: one of the two would be ignored.
 *
 * @throws JsonSyntaxError
 */
export function parsePlaced(text: string): PlacedJson {
  const parser = new Parser(text);
  const value = parser.value("");
  parser.expectEnd();
  return { value, places: parser.places };
}

class Parser {
  readonly places = new Map<string, number>();
  #at = 0;

  constructor(private readonly text: string) {}

  value(pointer: string): unknown {
    const { token, offset } = this.#next();
    this.places.set(pointer, offset);
    if (token === "{") return this.#object(pointer);
    if (token === "[") return this.#array(pointer);
    if (/^[{}[\],:]?$/.test(token)) throw this.#unexpected(token, offset, "a value");
    return this.#parsed(token, offset);
  }

  expectEnd(): void {
    const { token, offset } = this.#next();
    if (token !== "") throw this.#unexpected(token, offset, "the end");
  }

  #object(pointer: string): unknown {
    const entries = new Map<string, unknown>();
    for (let first = true; ; first = false) {
      const { token, offset } = this.#next();
      if (token === "}" && first) break;
      if (!/^".*"$/s.test(token))
        throw this.#unexpected(
          token,
          offset,
          first ? 'a key in "double quotes" or }' : "a key in double quotes",
        );
      const key = String(this.#parsed(token, offset));
      if (entries.has(key)) throw new JsonSyntaxError(`the key ${token} appears twice`, offset);
      this.places.set(`#${pointer}/${key}`, offset);
      this.#expect(":", `: after ${token}`);
      entries.set(key, this.value(`${pointer}/${key}`));
      if (this.#expect(",}", ", or }") === "}") break;
    }
    return Object.fromEntries(entries);
  }

  #array(pointer: string): unknown {
    const items: unknown[] = [];
    const before = this.#at;
    if (this.#next().token === "]") return items;
    this.#at = before;
    do items.push(this.value(`${pointer}/${items.length}`));
    while (this.#expect(",]", ", or ]") === ",");
    return items;
  }

  #expect(signs: string, what: string): string {
    const { token, offset } = this.#next();
    if (token !== "" && signs.includes(token)) return token;
    throw this.#unexpected(token, offset, what);
  }

  #next(): { readonly token: string; readonly offset: number } {
    SPACE.lastIndex = this.#at;
    const offset = this.#at + (SPACE.exec(this.text)?.[0].length ?? 0);
    TOKEN.lastIndex = offset;
    const token = TOKEN.exec(this.text)?.[0] ?? this.text.slice(offset, offset + 1);
    this.#at = offset + token.length;
    return { token, offset };
  }

  #parsed(token: string, offset: number): unknown {
    try {
      return JSON.parse(token);
    } catch {
      throw this.#unexpected(token, offset, "a value");
    }
  }

  #unexpected(token: string, offset: number, expected: string): JsonSyntaxError {
    const comment = /^\/[/*]/.test(token) ? "; JSON has no comments" : "";
    const found = token === "" ? "the end" : token === '"' ? "a text without its end" : token;
    return new JsonSyntaxError(`expected ${expected}, found ${found}${comment}`, offset);
  }
}

/** The lines of a function in C while it is made. */
export class CodeLines {
  readonly #lines: string[] = [];
  #depth = 1;
  #temporaries = 0;

  get count(): number {
    return this.#lines.length;
  }

  get all(): readonly string[] {
    return this.#lines;
  }

  /** Adds a line at the current depth. */
  add(text: string): void {
    this.#lines.push("\t".repeat(this.#depth) + text);
  }

  /** Adds an `if` around one statement, on two lines. */
  addIf(test: string, then: string): void {
    this.add(`if (${test})\n${"\t".repeat(this.#depth + 1)}${then}`);
  }

  /** What is added meanwhile stands one level deeper. */
  deeper(add: () => void): void {
    this.#depth++;
    add();
    this.#depth--;
  }

  /** Takes the lines from the given one on away, and puts them one level deeper once `before` was added. */
  indentFrom(mark: number, before: () => void): void {
    const inner = this.#lines.splice(mark).map((line) => `\t${line}`);
    before();
    this.#lines.push(...inner);
  }

  /** A new constant, or variable, with a value; its name. */
  temporary(value: string, constant = true): string {
    const name = `t${++this.#temporaries}`;
    this.add(`${constant ? "const " : ""}qs_value ${name} = ${value};`);
    return name;
  }
}

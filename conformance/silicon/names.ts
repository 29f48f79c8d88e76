/** The longest part of a test's name for something that C sees. */
const LONGEST = 40;

/**
 * Gives each name of a test one that means nothing to C or to its headers, whatever it is: `int`, `main` and `errno`
 * become w_int, w_main and w_errno. Different names stay different.
 */
export class Names {
  readonly #given = new Map<string, string>();
  readonly #taken = new Set<string>();

  constructor(readonly prefix: string) {}

  of(name: string): string {
    const known = this.#given.get(name);
    if (known !== undefined) return known;
    const short = `${this.prefix}_${name.replace(/\W/g, "_").slice(0, LONGEST)}`;
    let made = short;
    for (let n = 2; this.#taken.has(made); n++) made = `${short}_${n}`;
    this.#given.set(name, made);
    this.#taken.add(made);
    return made;
  }
}

/** A test's name where it can't be more than a word: in a comment, a string, or the name of a file. */
export function harmless(name: string): string {
  return name.replace(/[^\w+.-]/g, "_").slice(0, 80);
}

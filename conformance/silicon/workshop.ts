import { mkdir, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Compiler } from "../../native/js/compiler.js";
import { SOURCES } from "../../native/js/root.js";
import { compileWith } from "./compilers.js";
import type { Needs, Program } from "./program.js";
import { sourcesFor } from "./sources.js";

/** Compiles programs in a folder; what they share is compiled once for each compiler. */
export class Workshop {
  readonly #shared = new Map<string, Promise<readonly string[]>>();
  #programs = 0;

  constructor(
    readonly folder: string,
    readonly signal: AbortSignal,
    /** A copy of native's sources with some changed, and who has compiled the others. */
    readonly copy?: {
      readonly sources: string;
      readonly others: Workshop;
      isChanged(source: string): boolean;
    },
  ) {}

  /** Where native's sources are. */
  get sources(): string {
    return this.copy?.sources ?? SOURCES;
  }

  /**
   * Compiles what programs share, which else the first program waits for.
   *
   * @throws EnvironmentError with what the compiler said; Interrupted
   */
  async prepare(needs: Iterable<Needs>, compiler: Compiler): Promise<void> {
    for (const one of new Set(needs)) await this.#objects(one, compiler);
  }

  /**
   * Compiles a program, and returns where it is.
   *
   * @throws EnvironmentError with what the compiler said; Interrupted
   */
  async build(name: string, program: Program, compiler: Compiler): Promise<string> {
    const objects = await this.#objects(program.needs, compiler);
    const file = join(this.folder, `test${++this.#programs}`);
    await writeFile(`${file}.c`, program.text);
    await this.#compile(compiler, `the program of ${name}`, [`${file}.c`, ...objects, "-o", file, "-ldl"]);
    return file;
  }

  #objects(needs: Needs, compiler: Compiler): Promise<readonly string[]> {
    const key = `${compiler.command.join(" ")}\0${needs}`;
    const known = this.#shared.get(key);
    if (known !== undefined) return known;
    const made = this.#compileShared(needs, compiler, join(this.folder, `shared${this.#shared.size}`));
    this.#shared.set(key, made);
    return made;
  }

  async #compileShared(needs: Needs, compiler: Compiler, folder: string): Promise<readonly string[]> {
    const { copy } = this;
    const known = copy === undefined ? undefined : await copy.others.#objects(needs, compiler);
    await mkdir(folder);
    const objects: string[] = [];
    for (const [n, source] of sourcesFor(needs).entries()) {
      const other = copy?.isChanged(source) === false ? known?.[n] : undefined;
      // Two sources of different folders may have one name.
      const object = other ?? join(folder, `${n}.o`);
      if (other === undefined)
        await this.#compile(compiler, basename(source), ["-c", join(this.sources, source), "-o", object]);
      objects.push(object);
    }
    return objects;
  }

  async #compile(compiler: Compiler, what: string, options: readonly string[]): Promise<void> {
    await compileWith(compiler, what, options, this);
  }
}

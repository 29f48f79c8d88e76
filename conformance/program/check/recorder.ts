import { type Claim, readClaims } from "../../../spec/tlc/claim/claim.js";
import { commitOf } from "./commit.js";
import { type Decided, readLedger, withDecided, writeLedger } from "./ledger.js";
import type { CheckRow } from "./run.js";

/** Between two writes at least this long: reading what every claim says takes a second or two. */
const EVERY_MS = 30_000;

/**
 * Writes down which claims are decided as declared, at which commit, while a check runs: a machine that is switched off
 * loses the last half minute, and `--stale` goes on from there.
 */
export class Recorder {
  readonly #waiting: CheckRow[] = [];
  #writing: Promise<void> | undefined;
  #failed: unknown;
  #last = performance.now();

  private constructor(
    private readonly file: string,
    private readonly at: Pick<Decided, "commit" | "date">,
    private readonly known: readonly Claim[],
    private readonly everyMs: number,
  ) {}

  /** @throws BadInputError when git does not know the commit, Interrupted */
  static async begin(file: string, root: string, signal: AbortSignal, everyMs = EVERY_MS): Promise<Recorder> {
    const at = { commit: await commitOf(root, signal), date: new Date().toISOString().slice(0, 10) };
    const { claims } = await readClaims([], root);
    return new Recorder(file, at, claims, everyMs);
  }

  /** Takes a claim that has been decided. */
  row(row: CheckRow): void {
    if (!row.asDeclared) return;
    this.#waiting.push(row);
    if (this.#writing !== undefined || performance.now() - this.#last < this.everyMs) return;
    this.#writing = this.#write()
      .catch((error: unknown) => {
        this.#failed = error;
      })
      .finally(() => {
        this.#writing = undefined;
        this.#last = performance.now();
      });
  }

  /** Writes the rest. An interrupt does not stop this: what was decided before it counts, too. */
  async end(): Promise<void> {
    await this.#writing;
    if (this.#failed !== undefined) throw this.#failed;
    await this.#write();
  }

  async #write(): Promise<void> {
    const decided = this.#waiting.splice(0);
    await writeLedger(
      this.file,
      await withDecided(await readLedger(this.file), decided, this.at, this.known),
    );
  }
}

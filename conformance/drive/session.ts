import { run } from "../../spec/tlc/base/process.js";
import { type Answer, type Message, readAnswer } from "./messages.js";
import { threadsOf } from "./stacks.js";

/** How to start a driver's process. */
export interface DriverCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
}

/** A driver's process that gave no answer: it ended, or it took too long. */
export class SessionOver extends Error {
  constructor(
    readonly kind: "hang" | "crash",
    message: string,
  ) {
    super(message);
  }
}

const KEPT = 4000;

/** A conversation with one driver's process: a line for each message, an answer for each line. */
export class Session {
  readonly #waiting: { readonly resolve: (answer: Answer) => void; readonly reject: (why: Error) => void }[] =
    [];
  readonly #stop = new AbortController();
  readonly #pid: Promise<number | undefined>;
  #write: (text: string) => void = () => undefined;
  #rest = "";
  #said = "";
  #over: SessionOver | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** When its process and all that it started are gone. */
  readonly ended: Promise<void>;

  /** @param hangMs a driver that owes an answer for this many milliseconds hangs */
  constructor(
    command: DriverCommand,
    readonly hangMs: number,
  ) {
    let started: (pid: number | undefined) => void = () => undefined;
    this.#pid = new Promise((resolve) => {
      started = resolve;
    });
    this.ended = run(command.command, command.args, {
      ...(command.cwd !== undefined && { cwd: command.cwd }),
      graceMs: 0,
      signal: this.#stop.signal,
      onStart: (write, pid) => {
        this.#write = write;
        started(pid);
      },
      onStdout: (chunk) => this.#take(chunk),
      onStderr: (chunk) => this.#note(chunk),
    }).then(({ exitCode, signal, missing, failure }) => {
      const how = missing
        ? `there is no program ${command.command}`
        : (failure ??
          (signal !== undefined
            ? `its process was ended by ${signal}`
            : `its process ended with exit code ${exitCode}`));
      this.#finish(new SessionOver("crash", how));
    });
  }

  /** Sends messages at once. The answers come in their order; they are rejected with SessionOver when there are none. */
  ask(messages: readonly Message[]): Promise<Answer>[] {
    const answers = messages.map(
      () =>
        new Promise<Answer>((resolve, reject) => {
          if (this.#over !== undefined) reject(this.#over);
          else this.#waiting.push({ resolve, reject });
        }),
    );
    // An answer that nobody comes to look at is no unhandled rejection.
    for (const answer of answers) answer.catch(() => undefined);
    if (this.#over === undefined) {
      this.#write(messages.map((message) => `${JSON.stringify(message)}\n`).join(""));
      this.#watch();
    }
    return answers;
  }

  /** What the process has written that was no answer, shortened. */
  get said(): string {
    return this.#said.trim();
  }

  /** Ends the process and all that it started. */
  async close(): Promise<void> {
    this.#stop.abort();
    clearTimeout(this.#timer);
    await this.ended;
  }

  #note(text: string): void {
    this.#said = (this.#said + text).slice(-KEPT);
  }

  #take(chunk: string): void {
    const lines = (this.#rest + chunk).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) {
      if (!line.startsWith("{")) {
        if (line !== "") this.#note(`${line}\n`);
        continue;
      }
      const next = this.#waiting.shift();
      if (next === undefined) this.#note(`(an answer that nobody has asked for) ${line}\n`);
      else next.resolve(readAnswer(line));
    }
    this.#watch();
  }

  #watch(): void {
    clearTimeout(this.#timer);
    if (this.#waiting.length === 0 || this.#over !== undefined) return;
    this.#timer = setTimeout(() => void this.#hang(), this.hangMs);
  }

  /** What its threads and those of its children are doing; "" where nothing can be found out. */
  async threads(): Promise<string> {
    const pid = await this.#pid;
    return pid === undefined ? "" : threadsOf(pid);
  }

  async #hang(): Promise<void> {
    const threads = await this.threads();
    this.#finish(
      new SessionOver(
        "hang",
        `it has not answered for ${this.hangMs} ms${threads === "" ? "" : `\n${threads}`}`,
      ),
    );
    this.#stop.abort();
  }

  #finish(over: SessionOver): void {
    this.#over ??= over;
    clearTimeout(this.#timer);
    for (const { reject } of this.#waiting.splice(0)) reject(this.#over);
  }
}

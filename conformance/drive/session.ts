import { Patience } from "../../spec/tlc/base/patience.js";
import { run } from "../../spec/tlc/base/process.js";
import { briefly, printable } from "../base/printable.js";
import { type Answer, type Message, readAnswer } from "./messages.js";
import { threadsOf } from "./stacks.js";

/** How to start a driver's process. */
export interface DriverCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  /** What a person would call it, where its command would tell them nothing. */
  readonly shown?: string;
}

/**
 * A driver's process that gave no answer: it ended, or it took too long, or it doesn't keep to the protocol.
 */
export class SessionOver extends Error {
  constructor(
    readonly kind: "hang" | "crash" | "driver",
    message: string,
    /** How the process ended, if it did so by itself: it could not be started, or with an exit code. */
    readonly ended?: "not started" | "exit code",
  ) {
    super(message);
  }
}

const KEPT = 4000;
/** How long a driver has to end after its input: where it has failed, the failure's name depends on it. */
const FAREWELL_MS = 1000;
const LONG_FAREWELL_MS = 5000;
/** The longest answer, in characters: whoever writes more has lost its way, and would take all our memory. */
const LONGEST = 1 << 24;

/** A conversation with one driver's process: a line for each message, an answer for each line. */
export class Session {
  readonly #waiting: { readonly resolve: (answer: Answer) => void; readonly reject: (why: Error) => void }[] =
    [];
  readonly #stop = new AbortController();
  readonly #pid: Promise<number | undefined>;
  #write: (text: string) => void = () => undefined;
  #closeInput: () => void = () => undefined;
  /** The pieces of the line that has not ended yet, and their length. */
  #rest: string[] = [];
  #length = 0;
  #said = "";
  #over: SessionOver | undefined;
  /** How many answers it still owed when it ended in good order. */
  #owing = 0;
  readonly #patience: Patience;
  /** When its process and all that it started are gone. */
  readonly ended: Promise<void>;

  /**
   * @param hangMs a driver that owes an answer for this many milliseconds hangs
   * @param stacks whether anybody wants to know what its threads are doing then
   */
  constructor(
    command: DriverCommand,
    readonly hangMs: number,
    readonly stacks = true,
  ) {
    this.#patience = new Patience(hangMs, () => void this.#hang());
    let started: (pid: number | undefined) => void = () => undefined;
    this.#pid = new Promise((resolve) => {
      started = resolve;
    });
    this.ended = run(command.command, command.args, {
      ...(command.cwd !== undefined && { cwd: command.cwd }),
      graceMs: 0,
      sweep: true,
      signal: this.#stop.signal,
      onStart: (write, pid, close) => {
        this.#write = write;
        this.#closeInput = close;
        started(pid);
      },
      onStdout: (chunk) => this.#take(chunk),
      onStderr: (chunk) => this.#note(chunk),
    }).then(({ exitCode, signal, missing, failure }) => {
      if (exitCode === 0) this.#owing = this.#waiting.length;
      this.#finish(
        missing || failure !== undefined
          ? new SessionOver(
              "crash",
              missing ? `there is no program ${command.command}` : (failure ?? ""),
              "not started",
            )
          : signal !== undefined
            ? new SessionOver("crash", `its process was ended by ${signal}`)
            : new SessionOver("crash", `its process ended with exit code ${exitCode}`, "exit code"),
      );
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
      if (this.#waiting.length === messages.length) this.#watch();
    }
    return answers;
  }

  /** What the process has written that was no answer, shortened. */
  get said(): string {
    return this.#said.trim();
  }

  /** Why there are no answers any more, if that is so. */
  get over(): SessionOver | undefined {
    return this.#over;
  }

  /**
   * Ends the driver by ending its input, which leaves it some time to put away what it has, and says whether it has
   * answered more or less often than it was asked: then answers were taken for those to other questions. undefined: not
   * that we know.
   *
   * @param hasFailed whether what it answers is to decide what its failure is
   */
  async miscount(hasFailed = false): Promise<string | undefined> {
    this.#closeInput();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, hasFailed ? LONG_FAREWELL_MS : FAREWELL_MS);
    });
    await Promise.race([this.ended, late]);
    clearTimeout(timer);
    if (this.#over?.kind === "driver") return this.#over.message;
    return this.#owing > 0
      ? `it has read all that it was asked, and has left out ${this.#owing} of the answers, here or before`
      : undefined;
  }

  /** Ends the process and all that it started. */
  async close(): Promise<void> {
    this.#stop.abort();
    this.#patience.end();
    await this.ended;
  }

  #note(text: string): void {
    this.#said = (this.#said + printable(text.slice(-KEPT))).slice(-KEPT);
  }

  #take(chunk: string): void {
    if (this.#over !== undefined) return;
    const [first = "", ...lines] = chunk.split("\n");
    this.#rest.push(first);
    this.#length += first.length;
    if (this.#length > LONGEST) {
      this.#breach(`it has written ${this.#length} characters without an end of line`);
      return;
    }
    const last = lines.pop();
    if (last === undefined) return;
    let answers = 0;
    for (const line of [this.#rest.join(""), ...lines]) {
      if (!line.startsWith("{")) {
        if (line !== "") this.#note(`${line}\n`);
        continue;
      }
      const next = this.#waiting.shift();
      if (next === undefined) {
        this.#breach(`it answers more often than it is asked: ${briefly(line)}`);
        return;
      }
      next.resolve(readAnswer(line));
      answers++;
    }
    this.#rest = [last];
    this.#length = last.length;
    // Only an answer shows that it doesn't hang: whoever goes in a circle may well write on and on.
    if (answers > 0) this.#watch();
  }

  /** It doesn't keep to the protocol, so nothing that it says later has a meaning. */
  #breach(what: string): void {
    this.#finish(new SessionOver("driver", what));
    this.#stop.abort();
  }

  #watch(): void {
    if (this.#waiting.length === 0 || this.#over !== undefined) this.#patience.end();
    else this.#patience.begin();
  }

  /** What its threads and those of its children are doing; "" where nothing can be found out, or nobody asks. */
  async threads(): Promise<string> {
    const pid = await this.#pid;
    return pid === undefined || !this.stacks ? "" : threadsOf(pid);
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
    this.#patience.end();
    for (const { reject } of this.#waiting.splice(0)) reject(this.#over);
  }
}

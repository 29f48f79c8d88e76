import { UsageError } from "../../../../spec/tlc/base/errors.js";
import { cores } from "../../../base/cores.js";
import type { Order } from "../../../litmus/model.js";
import type { OtherEngine } from "../../../litmus/run.js";
import type { AskedReport } from "../shared/reporter-option.js";
import type { SiliconOptions } from "./silicon.js";

/** What `quiesce litmus` is asked on its command line. */
export interface LitmusOptions extends SiliconOptions {
  readonly order?: string;
  readonly json?: boolean;
  readonly reporter?: readonly AskedReport[];
  readonly jsonLines?: boolean;
  readonly timeLimit?: number;
  readonly schema?: boolean;
  readonly brief?: boolean;
  readonly engine: EngineChoice;
  readonly explain?: true | AskedReasons;
  readonly states: number;
  readonly parallel?: number;
  readonly timeout: number;
  readonly memory?: number;
}

/** How reasons are shown; pictures go into a folder. */
export interface AskedReasons {
  readonly form: "text" | "mermaid" | "svg";
  readonly folder?: string;
}

/**
 * What `--explain` is given.
 *
 * @throws UsageError for anything else
 */
export function reasonsFrom(text: string): AskedReasons {
  const [, form = "", folder] = /^([^=]*)(?:=(.*))?$/s.exec(text) ?? [];
  if (form === "svg" && folder !== undefined && folder !== "") return { form, folder };
  if ((form === "text" || form === "mermaid") && folder === undefined) return { form };
  throw new UsageError(`--explain takes text, mermaid or svg=FOLDER, not "${text}"`, {
    hint: "Name the files before --explain.",
  });
}

/** Who may be asked to decide. */
export const ENGINES = ["auto", "axioms", "machine", "both"] as const;
/** The answer to --engine. */
export type EngineChoice = (typeof ENGINES)[number];

/**
 * What `--engine` is given.
 *
 * @throws UsageError for anything else
 */
export function engineFrom(text: string): EngineChoice {
  const engine = ENGINES.find((one) => one === text);
  if (engine !== undefined) return engine;
  throw new UsageError(`--engine takes ${ENGINES.join(", ")}, not "${text}"`);
}

/** What the axioms get of a test's time if the machine comes after them. */
const FIRST_SECONDS = 10;

/** The axioms as the engine that is asked besides the machine, or in its place. A test's time is in seconds. */
export async function otherEngine(
  engine: Exclude<EngineChoice, "machine">,
  { timeout, parallel, explain }: LitmusOptions,
): Promise<OtherEngine> {
  const { axiomsEngine } = await import("../../../axioms/workers.js");
  return axiomsEngine({
    role: engine === "auto" ? "first" : engine === "axioms" ? "only" : "both",
    parallel: parallel ?? cores(),
    explain: explain !== undefined,
    timeoutMs: 1000 * (engine === "auto" ? Math.min(timeout, FIRST_SECONDS) : timeout),
  });
}

/**
 * What `--order` is given, in the order of the known ones; all of them if it is not given.
 *
 * @throws UsageError for one that is not known
 */
export function ordersFrom(text: string | undefined, known: readonly Order[]): readonly Order[] {
  if (text === undefined) return known;
  const asked = text.split(",").map((word) => word.trim());
  for (const word of asked)
    if (!known.some((order) => order === word))
      throw new UsageError(`--order takes ${known.join(", ")}, separated by commas, not "${word}"`);
  return known.filter((order) => asked.includes(order));
}

/**
 * Refuses what `--run` and `--engine machine` have no use for.
 *
 * @throws UsageError
 */
export function refuseTogether(options: LitmusOptions): void {
  for (const name of ["jsonLines", "timeLimit"] as const)
    if (options.run && options[name] !== undefined)
      throw new UsageError(`--${name === "jsonLines" ? "json-lines" : "time-limit"} is not for --run`, {
        hint: "--run takes --json, and --seconds is its time limit.",
      });
  if (options.run && options.engine !== "auto")
    throw new UsageError("--engine is not for --run", {
      hint: "With --run, the processor is compared with the machine.",
    });
  if (options.explain && (options.run || options.engine === "machine"))
    throw new UsageError("--explain is not for --run, nor for --engine machine", {
      hint: "The axioms explain: leave out --engine machine.",
    });
}

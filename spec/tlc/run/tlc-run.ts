import type { Limits } from "../base/limits.js";
import type { BoundedMode } from "../claim/claim-run.js";
import type { LibraryJar } from "../claim/libraries.js";
import type { TlcMessage } from "../output/messages.js";
import type { TlcProgress } from "../output/report.js";
import type { Residents } from "../resident/residents.js";
import type { Tools } from "../tools/tools.js";
import type { Checkpoint } from "./checkpoint.js";

/** A model for TLC, and how to run it; by default the heap has 1024 MiB. */
export interface TlcRun extends Limits {
  readonly tools: Tools;
  /** Path of the module. */
  readonly module: string;
  /** The text of the configuration. */
  readonly config: string;
  /** The folders of the modules that it depends on; else they are looked for below `root` (see modules.ts). */
  readonly libraries?: readonly string[];
  /** Jars with modules, for Java's class path. */
  readonly jars?: readonly Pick<LibraryJar, "path">[];
  /** Default: the current folder. */
  readonly root?: string;
  readonly signal?: AbortSignal;
  /** Java's stack in MiB (default: Java's own, 1), for deep recursion. */
  readonly stackMiB?: number;
  /** TLC's worker threads (default 1, which alone is deterministic). */
  readonly workers?: number;
  /** The run is expected to take no more than a few seconds: Java then compiles less. */
  readonly short?: boolean;
  /** Which of TLC's fingerprint polynomials, from 0 (the default) to 130. */
  readonly fingerprint?: number;
  /** Has TLC write the state graph with its actions' names to this file, whose name must end in `.dot`. */
  readonly dotFile?: string;
  /** Where the run saves checkpoints, and where it resumes from. */
  readonly checkpoint?: Checkpoint;
  /** TLC counts how often each action is taken. */
  readonly coverage?: boolean;
  /** Java's properties, as `name=value`, and variables of its environment. */
  readonly javaProperties?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** A search that does not see every behaviour. */
  readonly mode?: BoundedMode;
  /** Further options of TLC, such as `-deadlock` (which means: do not check for deadlock). */
  readonly options?: readonly string[];
  /** Called when TLC reports its progress, about once a minute. */
  readonly onProgress?: (progress: TlcProgress) => void;
  /** Called with each message as it arrives. */
  readonly onMessage?: (message: TlcMessage) => void;
  /**
   * Called when TLC has said that it is done. Java then takes a third of a second to exit, idle: it waits for a thread
   * of TLC's that sits in a system call.
   */
  readonly onDone?: () => void;
  /** Java processes that stay. Short runs with nothing special about them are made there; the outcome is the same. */
  readonly residents?: Residents | undefined;
}

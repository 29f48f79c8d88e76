import { Option } from "commander";
import { cores } from "../../../base/cores.js";
import { wholeNumber } from "./context.js";

/** A timer takes at most 2^31 - 1 milliseconds, which is 24 days. */
const LONGEST_S = 2_147_483;

/** `--parallel`, the same for every command that runs TLC several times. */
export function parallelOption(what = "runs of TLC in parallel"): Option {
  return new Option("--parallel <n>", `${what} (default: the number of cores, here ${cores()})`).argParser(
    wholeNumber("--parallel", 1, 1024),
  );
}

/** `--timeout`, in seconds. */
export function timeoutOption(what = "time limit of each run (default: 600)"): Option {
  return new Option("--timeout <seconds>", what).argParser(wholeNumber("--timeout", 1, LONGEST_S));
}

/** `--memory`, in MiB. */
export function memoryOption(what: string): Option {
  return new Option("--memory <MiB>", what).argParser(wholeNumber("--memory", 64, 1 << 24));
}

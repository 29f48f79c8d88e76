import { Option } from "commander";
import { UsageError } from "../../../../spec/tlc/base/errors.js";
import type { Share } from "../../../../spec/tlc/claim/share.js";
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

/** `--share K/N`: one part of the work, for one of several machines. */
export function shareOption(): Option {
  return new Option("--share <K/N>", "only the K-th of N parts, for one of N machines").argParser((text) => {
    const [, part, of] = /^(\d{1,6})\/(\d{1,6})$/.exec(text) ?? [];
    const share: Share = { part: Number(part), of: Number(of) };
    if (share.part >= 1 && share.part <= share.of) return share;
    throw new UsageError(`--share takes K/N, such as 2/4 for the second of four parts, not "${text}"`);
  });
}

/** `--time-limit`, in seconds, for all that a command does; what it has found by then, it reports. */
export function timeLimitOption(): Option {
  return new Option(
    "--time-limit <seconds>",
    "end after this time with what is known by then (default: none)",
  ).argParser(wholeNumber("--time-limit", 1, LONGEST_S));
}

/** `--json-lines`: what --json prints, one result a line as soon as it is known. */
export function jsonLinesOption(result: string): Option {
  return new Option(
    "--json-lines",
    `print each ${result} as JSON on a line of its own as soon as it is known, then a summary`,
  ).conflicts("json");
}

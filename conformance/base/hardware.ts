import { cpus, totalmem } from "node:os";
import { cores } from "./cores.js";

/** What figures were measured on. */
export interface Hardware {
  readonly processor: string;
  readonly cores: number;
  readonly memoryMiB: number;
}

/** The machine that this runs on. */
export function hardware(): Hardware {
  return {
    processor: cpus()[0]?.model.trim() ?? "unknown",
    cores: cores(),
    memoryMiB: Math.round(totalmem() / 2 ** 20),
  };
}

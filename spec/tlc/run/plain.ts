import { writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { Interrupted } from "../base/errors.js";
import type { Limits } from "../base/limits.js";
import { run } from "../base/process.js";
import { withScratch } from "../base/scratch.js";
import type { ModuleClosure } from "../claim/modules.js";
import { MessageReader, type TlcMessage } from "../output/messages.js";
import type { Tools } from "../tools/tools.js";
import { type TlcOutcome, toOutcome } from "./outcome.js";

/** A model for TLC as a person runs it by hand. */
export interface PlainRun extends Pick<Limits, "timeoutMs"> {
  readonly tools: Pick<Tools, "java" | "jar">;
  readonly modules: ModuleClosure;
  /** The text of the configuration. */
  readonly config: string;
  readonly signal?: AbortSignal;
}

/**
 * What a person types in the folder of a specification. Java and TLC have their defaults, and as many workers as there
 * are cores; `-tool` only puts frames around what TLC says, so that the same code reads it as everywhere else.
 */
const PLAIN = ["-tool", "-workers", "auto"] as const;

/** The command, to show a person what the comparison is with. */
export const PLAIN_COMMAND = `java -cp tla2tools.jar tlc2.TLC ${PLAIN.join(" ")} -config MODEL.cfg MODULE`;

/**
 * Runs TLC once with none of this project's speed-ups: the yardstick that it is measured against. The modules and the
 * configuration are in one folder, which is removed. Throws Interrupted.
 */
export async function runPlainTlc(model: PlainRun): Promise<TlcOutcome> {
  return await withScratch("plain", async (folder) => {
    for (const { path, text } of model.modules.files) await writeFile(join(folder, basename(path)), text);
    const config = "model.cfg";
    await writeFile(join(folder, config), model.config);
    const messages: TlcMessage[] = [];
    const reader = new MessageReader();
    const [main] = model.modules.files;
    const result = await run(
      model.tools.java.command,
      [
        // Java knows no TMPDIR; what it unpacks there must be removed even when we are stopped.
        `-Djava.io.tmpdir=${folder}`,
        ...["-cp", model.tools.jar.path, "tlc2.TLC", ...PLAIN, "-config", config],
        basename(main?.path ?? "", ".tla"),
      ],
      {
        cwd: folder,
        graceMs: 0,
        onStdout: (chunk) => messages.push(...reader.push(chunk)),
        ...(model.signal && { signal: model.signal }),
        ...(model.timeoutMs !== undefined && { timeoutMs: model.timeoutMs }),
      },
    );
    if (result.aborted) throw new Interrupted();
    messages.push(...reader.end());
    return toOutcome(result, messages);
  });
}

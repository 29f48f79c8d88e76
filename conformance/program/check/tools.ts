import { join } from "node:path";
import { BadInputError } from "../../../spec/tlc/base/errors.js";
import { nameOf } from "../../../spec/tlc/base/source-file.js";
import { OLDEST_JAVA } from "../../../spec/tlc/tools/java.js";
import { findTools, type Tools } from "../../../spec/tlc/tools/tools.js";
import type { Progress } from "../../base/terminal.js";
import type { Settings } from "../settings/settings.js";

/** Looks for Java and TLC while the claims are read. Bad claims are reported first, and end the search. */
export async function withTools<T>(
  read: Promise<T>,
  signal: AbortSignal,
  progress: Progress,
  settings: Settings | undefined,
): Promise<T & { readonly tools: Tools }> {
  const stop = new AbortController();
  const tell = (text: string): void => progress.line(text);
  const found = findTools({
    signal: AbortSignal.any([signal, stop.signal]),
    onFetch: tell,
    onNotice: tell,
    ...(settings?.java !== undefined && { env: { ...process.env, JAVA_HOME: settings.java } }),
  }).then((tools) => expectJava(tools, settings));
  // Should both fail, the claims are the failure to report.
  found.catch(() => undefined);
  try {
    return { ...(await read), tools: await found };
  } catch (error) {
    stop.abort();
    await found.catch(() => undefined);
    throw error;
  }
}

/** No other Java is taken in place of the one that the settings name. */
function expectJava(tools: Tools, settings: Settings | undefined): Tools {
  const java = settings?.java;
  if (java === undefined || tools.java.command === join(java, "bin", "java")) return tools;
  throw new BadInputError(`\`java\` names ${java}, where no Java of version ${OLDEST_JAVA} or newer runs`, {
    where: nameOf(settings?.file ?? ""),
    hint: "It is the folder in which bin/java is.",
  });
}

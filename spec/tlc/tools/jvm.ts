import type { Jar } from "./jar.js";
import type { Java } from "./java.js";

/** What a Java virtual machine for TLC needs to know. */
export interface JvmOptions {
  readonly java: Java;
  readonly jar: Pick<Jar, "path">;
  /** Its folder for temporary files. SANY unpacks the standard modules there under fixed names: one a run. */
  readonly temporary: string;
  /** Bound of the heap in MiB. */
  readonly heapMiB: number;
  /** The run is over within seconds: don't spend them in the optimising compiler. */
  readonly short: boolean;
  /** The archive of prepared classes (see archive.ts). */
  readonly archive?: string;
  /** Folders to look for modules in, after that of the module itself. */
  readonly libraries?: readonly string[];
  /** Jars besides TLC's own, which comes first. */
  readonly jars?: readonly string[];
  /** Further options of the virtual machine. */
  readonly more?: readonly string[];
}

/** The exit code of Java when its memory ran out. */
export const OUT_OF_MEMORY = 3;

/** The main class of TLC's command line. */
const TLC = "tlc2.TLC";
const PATH_SEPARATOR = process.platform === "win32" ? ";" : ":";

/** The arguments of `java` that run TLC with `arguments`. */
export function tlcArguments(options: JvmOptions, tlc: readonly string[]): string[] {
  return jvmArguments(options, TLC, tlc);
}

/** The arguments of `java` that run a main class of TLC's jar. */
export function jvmArguments(options: JvmOptions, main: string, arguments_: readonly string[]): string[] {
  const { choices } = options.java;
  return [
    // No file in the system's temporary folder for each process, which would stay there after SIGKILL.
    "-XX:-UsePerfData",
    // The virtual machine's own warnings would end up in TLC's output.
    "-Xlog:disable",
    "-Xlog:all=error:stderr",
    ...(choices?.collector ? [] : ["-XX:+UseSerialGC"]),
    ...(options.short ? ["-XX:TieredStopAtLevel=1"] : []),
    `-Xmx${Math.max(options.heapMiB, choices?.leastHeapMiB ?? 0)}m`,
    // TLC would try to go on, and can hang for minutes while it prints the states that filled the memory.
    "-XX:+ExitOnOutOfMemoryError",
    "-Xshare:auto",
    ...(options.archive === undefined ? [] : [`-XX:SharedArchiveFile=${options.archive}`]),
    "-Dfile.encoding=UTF-8",
    // TLC writes numbers as the locale has it: 1.234 states.
    "-Duser.language=en",
    "-Duser.country=US",
    "-Djava.awt.headless=true",
    `-Djava.io.tmpdir=${options.temporary}`,
    ...(options.libraries === undefined || options.libraries.length === 0
      ? []
      : [`-DTLA-Library=${options.libraries.join(PATH_SEPARATOR)}`]),
    ...(options.more ?? []),
    "-cp",
    [options.jar.path, ...(options.jars ?? [])].join(PATH_SEPARATOR),
    main,
    ...arguments_,
  ];
}

#!/usr/bin/env node
import { closeSync } from "node:fs";
import { CommanderError } from "commander";
import {
  codeOf,
  EnvironmentError,
  Interrupted,
  messageOf,
  UsageError,
} from "../../../spec/tlc/base/errors.js";
import { asEnvironmental } from "../../../spec/tlc/base/system-error.js";
import { guardOutput } from "../../base/guard.js";
import { colour, errorColour } from "../../base/terminal.js";
import { createProgram } from "./program.js";
import { type CommandContext, EXIT } from "./shared/context.js";
import { exitCodeOf, showFailure } from "./shared/failure.js";

/**
 * The command-line program. Each command has its own file; what they share when they run is here: signals, exit codes and errors.
 * Commands import what they need when they run, so `--help` answers immediately.
 */
async function main(argv: readonly string[]): Promise<number> {
  const interrupt = new AbortController();
  guardOutput({
    json: argv.some((word) => /^--json(?:$|-|=)/.test(word)),
    colours: colour.isColorSupported,
    errorColours: errorColour.isColorSupported,
  });
  stopOnSignals(interrupt);
  stopOnClosedOutput(interrupt);

  const json = argv.includes("--json-lines") ? "line" : argv.includes("--json");
  const context: CommandContext = { signal: interrupt.signal, exitCode: EXIT.asDeclared };
  let usage = "";
  const program = createProgram(context, {
    // With --json, a mistake in the command line is reported as JSON, too.
    writeErr: (text) => {
      if (json !== false) usage += text;
      else process.stderr.write(text);
    },
  });
  try {
    await program.parseAsync([...argv]);
    // A command that was interrupted has reported what it had found so far, and yet nobody knows the rest: whatever that
    // was, a shell's loop or make has to stop.
    const cutShort = interrupt.signal.aborted && !isClosedOutput(interrupt.signal);
    return cutShort ? EXIT.interrupted : context.exitCode;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return EXIT.asDeclared;
      if (json !== false) showFailure(new UsageError(usage.trim().replace(/^error: /, "")), json);
      return EXIT.badInput;
    }
    // A failure because of the interrupt is an interrupt.
    const shown = interrupt.signal.aborted ? new Interrupted() : asEnvironmental(error);
    if (!isClosedOutput(interrupt.signal)) showFailure(shown, json);
    return exitCodeOf(shown);
  }
}

/** The first signal stops the work, which then cleans up; the second one ends the process immediately. */
function stopOnSignals(interrupt: AbortController): void {
  const stop = (): void => {
    if (interrupt.signal.aborted) process.exit(EXIT.interrupted);
    interrupt.abort();
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, stop);
  process.once("SIGHUP", () => process.once("exit", forgetTerminal));
}

/** On exit, Node restores the terminal, and crashes if the terminal is gone, unless we have closed it ourselves. */
function forgetTerminal(): void {
  for (const descriptor of [0, 1, 2]) {
    try {
      closeSync(descriptor);
    } catch {
      // Already closed.
    }
  }
}

/** Why the work is stopped when nobody reads the output: there is nobody to tell, either. */
const CLOSED_OUTPUT = new Interrupted("nobody reads the output");

function isClosedOutput(signal: AbortSignal): boolean {
  return signal.reason === CLOSED_OUTPUT;
}

/**
 * A reader that has seen enough (`| head -1`) closes its end, and so does a terminal that goes away: nobody is left to
 * work for. Any other failure to write the result (the disk is full) is an error.
 */
function stopOnClosedOutput(interrupt: AbortController): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error) => {
      const closed = codeOf(error) === "EPIPE" || (codeOf(error) === "EIO" && stream.isTTY);
      if (closed) return interrupt.abort(CLOSED_OUTPUT);
      showFailure(new EnvironmentError(`the output can't be written: ${messageOf(error)}`), false);
      process.exit(EXIT.environment);
    });
  }
}

main(process.argv).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const shown = asEnvironmental(error);
    showFailure(shown, false);
    process.exitCode = exitCodeOf(shown);
  },
);

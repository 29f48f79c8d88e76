import { readdirSync } from "node:fs";
import { join } from "node:path";
import { SOURCES } from "./root.js";

const FOLDER = "tracepoint/traced";

/** What opens tracing before main(), for programs that can't be changed. */
export const AUTO = `${FOLDER}/auto.c`;

/** What the traced side uses of the library: the doors to membarrier and to messages. */
export const TRACED_USES = ["src/membarrier.c", "src/message.c"];

/** The traced side of tracing (libquiesce-trace): what a program with tracepoints is linked with, beside LIBRARY. */
export const TRACED = readdirSync(join(SOURCES, FOLDER))
  .filter((name) => name.endsWith(".c"))
  .toSorted()
  .map((name) => `${FOLDER}/${name}`)
  .filter((path) => path !== AUTO);

/** Everything in the controller's folder but its main program, for tests that call it. */
export const CONTROLLER = readdirSync(join(SOURCES, "tracepoint", "controller"))
  .filter((name) => name.endsWith(".c") && name !== "main.c")
  .toSorted()
  .map((name) => `tracepoint/controller/${name}`);

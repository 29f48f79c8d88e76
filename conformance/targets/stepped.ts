import { basename, resolve } from "node:path";
import { BadInputError } from "../../spec/tlc/base/errors.js";
import { exists } from "../../spec/tlc/base/exists.js";
import { withScratch } from "../../spec/tlc/base/scratch.js";
import { exportsOf } from "../drive/exports.js";
import { requireFile, withDriver } from "../drive/open.js";
import { isSharedLibrary } from "../drive/shared-library.js";
import { driverTarget } from "./driver.js";
import type { Target } from "./target.js";

const STEPPED = "qs_target_get";
const CALLED = "qs_driver_get";

export interface ForeignOptions {
  readonly signal?: AbortSignal;
  /** Told of what takes a while. */
  readonly onStage?: (text: string) => void;
}

/**
 * Starts with anybody's implementation: what `withDriver` takes; a C library whose threads are let on one step at a time
 * (native/replay/target.h); or the C or C++ source of a library of either kind.
 *
 * @throws BadInputError when the file isn't there, can't be compiled, or is none of these
 */
export async function withForeign<T>(
  what: string,
  work: (target: Target) => Promise<T>,
  options: ForeignOptions = {},
): Promise<T> {
  const { compileForeign, isSource } = await import("../../native/js/foreign.js");
  // A command may end with a file's name, and a file's name may have spaces.
  const isFile =
    (isSource(what) || isSharedLibrary(what)) && (!/\s/.test(what.trim()) || (await exists(what)));
  if (!isFile) return withDriver(what, (command) => work(driverTarget(what, command)));
  await requireFile(what);
  if (!isSource(what)) return withLibrary(what, resolve(what), work);
  return withScratch("driver", async (folder) => {
    options.onStage?.(`compiling ${basename(what)}`);
    return withLibrary(what, await compileForeign(resolve(what), folder, options.signal), work);
  });
}

async function withLibrary<T>(
  what: string,
  library: string,
  work: (target: Target) => Promise<T>,
): Promise<T> {
  const names = await exportsOf(library);
  if (names?.has(STEPPED) && names.has(CALLED))
    throw new BadInputError(`it exports both ${STEPPED}() and ${CALLED}()`, {
      where: what,
      hint: "A library is driven one step at a time (native/replay/target.h) or call by call (native/drive/driver.h).",
    });
  if (names?.has(STEPPED)) return work(steppedTarget(what, library));
  if (names !== undefined && !names.has(CALLED)) throw nothingExported(what, names);
  return withDriver(library, (command) => work(driverTarget(what, { ...command, shown: what })));
}

function nothingExported(what: string, names: ReadonlySet<string>): BadInputError {
  // As C++ calls a function without parameters.
  const mangled = [STEPPED, CALLED].find((name) => names.has(`_Z${name.length}${name}v`));
  return new BadInputError(`it exports neither ${STEPPED}() nor ${CALLED}()`, {
    where: what,
    hint:
      mangled !== undefined
        ? `It has ${mangled}() under C++'s name: include our header, or put extern "C" in front of it.`
        : `One of them has to be visible: ${STEPPED}() of native/replay/target.h (threads let on one step at a time), ` +
          `or ${CALLED}() of native/drive/driver.h (calls that return or block).`,
  });
}

/** A library whose threads are let on one step at a time, on the engine that drives ours. It has no mutants. */
function steppedTarget(name: string, library: string): Target {
  return {
    name,
    title: name,
    drives: undefined,
    stepped: true,
    async replay(plan, options = {}) {
      const { replayNative } = await import("../../native/js/replay/replay.js");
      const { NotBegunError } = await import("../../native/js/errors.js");
      return replayNative(plan, { ...options, target: library }).catch((error: unknown) => {
        if (!(error instanceof NotBegunError)) throw error;
        throw new BadInputError("the library has ended its process before its first step", {
          where: name,
          ...(error.hint !== undefined && { hint: error.hint }),
        });
      });
    },
    mutants: async () => [],
    testMutant: async () => ({ test: "", failed: false }),
  };
}

// A process that makes a driver of a file, and speaks the protocol for it: the driver and what it drives may crash and hang.
// It answers on a descriptor of its own: what the driver prints is on the standard output, and must not get in between.
import { writeSync } from "node:fs";
import { basename } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { messageOf } from "../../spec/tlc/base/errors.js";
import type { Driver, Words } from "./driver.js";
import type { Message } from "./messages.js";
import { isSharedLibrary, SharedLibraryDriver } from "./shared-library.js";
import { nameOf, wordsShown } from "./shown.js";

type Line = {
  readonly words?: Words;
  readonly refused?: true;
  readonly unknown?: true;
  readonly failed?: string;
};

/** Where the answers go: open.ts starts this process so. */
const ANSWERS = 3;

async function answer(driver: Driver, message: Message): Promise<Line> {
  switch (message.do) {
    case "begin": {
      const { do: _, ...world } = message;
      await driver.begin(world);
      return { words: wordsShown(await driver.look()) };
    }
    case "step": {
      const { do: _, ...ask } = message;
      const taken: unknown = await driver.step(ask);
      if (taken === "unknown") return { unknown: true };
      if (taken !== "done" && taken !== "refused")
        throw new Error(
          `step() returned ${typeof taken === "string" ? JSON.stringify(taken) : nameOf(taken)}, and not "done", "refused" or "unknown"`,
        );
      return { words: wordsShown(await driver.look()), ...(taken === "refused" && { refused: true }) };
    }
    case "look":
      return { words: wordsShown(await driver.look()) };
    case "end":
      await driver.end?.();
      return {};
  }
}

async function load(file: string): Promise<Driver> {
  if (isSharedLibrary(file)) {
    const library = new SharedLibraryDriver(file);
    await library.open().catch((error: unknown) => {
      // Where it stands in our code tells a person nothing.
      throw new Unusable(whatWasThrown(error));
    });
    return library;
  }
  const exported = (await import(pathToFileURL(file).href)) as { readonly Driver?: new () => Driver };
  if (typeof exported.Driver === "function") return new exported.Driver();
  throw new Error(
    `${basename(file)} does not export a class Driver, but: ${Object.keys(exported).join(", ") || "nothing"}`,
  );
}

/** What is no driver, for which no stack says more. */
class Unusable extends Error {}

/** A driver may throw anything, also what can't be made a text. */
function whatWasThrown(error: unknown): string {
  try {
    return messageOf(error) || "something without a message was thrown";
  } catch {
    return `${nameOf(error)} was thrown`;
  }
}

/** After a path that nobody goes on with: why, has been said. */
async function putAway(driver: Driver): Promise<void> {
  try {
    await driver.end?.();
  } catch {
    // It has failed before.
  }
}

/** All of it: a descriptor may take a part. */
function write(text: string): void {
  const bytes = Buffer.from(text);
  for (let done = 0; done < bytes.length; ) done += writeSync(ANSWERS, bytes, done);
}

try {
  const driver = await load(process.argv[2] ?? "");
  let isOnPath = false;
  for await (const line of createInterface({ input: process.stdin })) {
    let said: string;
    try {
      const message = JSON.parse(line) as Message;
      isOnPath = message.do !== "end";
      said = JSON.stringify(await answer(driver, message));
    } catch (error) {
      said = JSON.stringify({ failed: whatWasThrown(error) } satisfies Line);
    }
    write(`${said}\n`);
  }
  // A library has nothing that outlives us, and would wait for calls that hang.
  if (isOnPath && !(driver instanceof SharedLibraryDriver)) await putAway(driver);
} catch (error) {
  // For a module that can't be read, only the stack says where.
  const stack = error instanceof Error && !(error instanceof Unusable) && error.stack;
  process.stderr.write(`${stack || whatWasThrown(error)}\n`);
  process.exitCode = 1;
}

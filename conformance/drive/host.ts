// A process that makes a driver of a file, and speaks the protocol for it: the driver and what it drives may crash and hang.
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { messageOf } from "../../spec/tlc/base/errors.js";
import type { Driver, Words } from "./driver.js";
import type { Message } from "./messages.js";
import { isSharedLibrary, SharedLibraryDriver } from "./shared-library.js";

type Line = {
  readonly words?: Words;
  readonly refused?: true;
  readonly unknown?: true;
  readonly failed?: string;
};

async function answer(driver: Driver, message: Message): Promise<Line> {
  switch (message.do) {
    case "begin": {
      const { do: _, ...world } = message;
      await driver.begin(world);
      return { words: await driver.look() };
    }
    case "step": {
      const { do: _, ...ask } = message;
      const taken = await driver.step(ask);
      if (taken === "unknown") return { unknown: true };
      return { words: await driver.look(), ...(taken === "refused" && { refused: true }) };
    }
    case "look":
      return { words: await driver.look() };
    case "end":
      await driver.end?.();
      return {};
  }
}

async function load(file: string): Promise<Driver> {
  if (isSharedLibrary(file)) return new SharedLibraryDriver(file);
  const exported = (await import(pathToFileURL(file).href)) as { readonly Driver?: new () => Driver };
  if (typeof exported.Driver === "function") return new exported.Driver();
  throw new Error(`${file} does not export a class Driver`);
}

try {
  const driver = await load(process.argv[2] ?? "");
  for await (const line of createInterface({ input: process.stdin })) {
    let said: Line;
    try {
      said = await answer(driver, JSON.parse(line) as Message);
    } catch (error) {
      said = { failed: messageOf(error) };
    }
    process.stdout.write(`${JSON.stringify(said)}\n`);
  }
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 1;
}

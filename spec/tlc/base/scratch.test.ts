import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { EnvironmentError } from "./errors.js";
import { createScratch, withScratch } from "./scratch.js";

const compiled = pathToFileURL(createRequire(import.meta.url).resolve("quiesce/spec/tlc/base/scratch")).href;

/** Runs a script that prints the folder it made; returns the folder once the script has ended. */
async function folderOf(ending: string, signal?: NodeJS.Signals): Promise<string> {
  const script = `import { createScratch } from ${JSON.stringify(compiled)};
    import { writeFileSync } from "node:fs";
    const { path } = await createScratch("test");
    writeFileSync(path + "/a", "a");
    process.stdout.write(path);
    ${ending}`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const ended = once(child, "exit");
  const [chunk] = (await once(child.stdout, "data")) as [Buffer];
  expect(signal === undefined || existsSync(chunk.toString())).toBe(true);
  if (signal !== undefined) child.kill(signal);
  await ended;
  return chunk.toString();
}

describe("a scratch folder", () => {
  it("is private and is removed with what is in it", async () => {
    const folder = await withScratch("test", async (path) => {
      expect(statSync(path).mode & 0o777).toBe(0o700);
      writeFileSync(join(path, "a"), "a");
      return path;
    });
    expect(existsSync(folder)).toBe(false);
  });

  it("is removed when the work throws", async () => {
    let folder = "";
    const work = withScratch("test", async (path) => {
      folder = path;
      throw new Error("no");
    });
    await expect(work).rejects.toThrow("no");
    expect(folder).not.toBe("");
    expect(existsSync(folder)).toBe(false);
  });

  it("is removed when the process exits, throws, or gets a signal", async () => {
    const waiting = "setTimeout(() => {}, 600_000);";
    const folders = await Promise.all([
      folderOf("process.exit(0);"),
      folderOf("throw new Error('unforeseen');"),
      folderOf(waiting, "SIGINT"),
      folderOf(waiting, "SIGTERM"),
    ]);
    expect(folders.map((folder) => existsSync(folder))).toEqual([false, false, false, false]);
  });

  it("is left to another listener of the signal until that one exits", async () => {
    const ending = `process.on("SIGINT", () => setTimeout(() => process.exit(130), 50));
      setTimeout(() => {}, 600_000);`;
    expect(existsSync(await folderOf(ending, "SIGINT"))).toBe(false);
  });

  it("that can't be made is an error that says what to do", async () => {
    const old = process.env["TMPDIR"];
    process.env["TMPDIR"] = "/dev/null/nowhere";
    try {
      const error = await createScratch("test").catch((e: unknown) => e);
      expect(error).toBeInstanceOf(EnvironmentError);
      expect(error).toMatchObject({ exitCode: 3, hint: expect.stringContaining("TMPDIR") });
    } finally {
      if (old === undefined) delete process.env["TMPDIR"];
      else process.env["TMPDIR"] = old;
    }
  });
});

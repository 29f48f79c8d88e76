import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { BadInputError, EnvironmentError } from "./errors.js";
import { asEnvironmental, systemReason } from "./system-error.js";

function systemError(code: string, details: object = {}): Error {
  return Object.assign(new Error(`${code}: said Node`), { code, syscall: "open", ...details });
}

describe("an error that nobody has foreseen", () => {
  it.each(["EACCES", "EPERM", "EROFS", "ENOSPC", "EDQUOT", "EMFILE", "ENFILE", "EAGAIN", "ENOMEM", "EIO"])(
    "is the machine's when its code is %s, and names the place",
    (code) => {
      const shown = asEnvironmental(systemError(code, { path: "/a/b" }));
      expect(shown).toBeInstanceOf(EnvironmentError);
      expect(shown).toMatchObject({
        exitCode: 3,
        where: "/a/b",
        message: `${systemReason(systemError(code))} (${code}, open)`,
      });
      expect((shown as EnvironmentError).hint).toMatch(/\/a\/b|--parallel 1/);
    },
  );

  it("stays our mistake when it is any other, and what we foresaw stays as it is", () => {
    for (const error of [
      new TypeError("x"),
      systemError("EINVAL"),
      systemError("ENOENT"),
      new BadInputError("x"),
    ]) {
      expect(asEnvironmental(error)).toBe(error);
    }
  });

  it("has words for what Node really throws", () => {
    const folder = mkdtempSync(join(tmpdir(), "quiesce-test-"));
    try {
      readFileSync(folder);
      expect.unreachable();
    } catch (error) {
      expect(systemReason(error)).toBe("it is a folder");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

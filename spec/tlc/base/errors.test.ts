import { describe, expect, it } from "vitest";
import {
  BadInputError,
  codeOf,
  EnvironmentError,
  Interrupted,
  QuiesceError,
  throwIfInterrupted,
  UsageError,
} from "./errors.js";

describe("errors", () => {
  it("know the exit codes that the program documents", () => {
    const codes = [new UsageError("a"), new BadInputError("b"), new EnvironmentError("c"), new Interrupted()];
    expect(codes.map((error) => error.exitCode)).toEqual([2, 2, 3, 130]);
    expect(codes.every((error) => error instanceof QuiesceError)).toBe(true);
  });

  it("carry where, what to do and the cause, and their own name", () => {
    const cause = new Error("deeper");
    const error = new BadInputError("no verdict", { where: "a.cfg:4:1", hint: "add a line", cause });
    expect(error).toMatchObject({ name: "BadInputError", where: "a.cfg:4:1", hint: "add a line", cause });
  });

  it("turn an aborted signal into Interrupted, and leave others alone", () => {
    throwIfInterrupted(undefined);
    throwIfInterrupted(new AbortController().signal);
    expect(() => throwIfInterrupted(AbortSignal.abort())).toThrow(Interrupted);
  });

  it("read the code of a system error only", () => {
    expect(codeOf(Object.assign(new Error("x"), { code: "ENOENT" }))).toBe("ENOENT");
    expect(codeOf(new Error("x"))).toBeUndefined();
    expect(codeOf("ENOENT")).toBeUndefined();
  });
});

import { describe, expect, it } from "vitest";
import { EC } from "./codes.js";
import { readViolation } from "./violation.js";

const read = (code: number, text: string) => readViolation({ code, severity: 1, text });

describe("a violation", () => {
  it("has the name of its property", () => {
    expect(read(EC.TLC_ACTION_PROPERTY_VIOLATED_BEHAVIOR, "Action property Grows is violated.")).toEqual({
      kind: "action",
      name: "Grows",
    });
  });

  it("may be a postcondition, which has a name", () => {
    const text = "Postcondition Bad at line 11, col 8 to line 11, col 35 of module N is false.";
    expect(read(EC.TLC_POSTCONDITION_FALSE, text)).toEqual({ kind: "postcondition", name: "Bad" });
  });

  it("has a place where the part of a property that is violated has no name", () => {
    const text = "Action property line 61, col 14 to line 61, col 25 of module GracePeriod is violated.";
    expect(read(EC.TLC_ACTION_PROPERTY_VIOLATED_BEHAVIOR, text)).toEqual({
      kind: "action",
      location: { module: "GracePeriod", line: 61, column: 14, endLine: 61, endColumn: 25 },
    });
  });
});

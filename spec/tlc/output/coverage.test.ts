import { describe, expect, it } from "vitest";
import { isCoverageDetail, readActions } from "./coverage.js";
import type { TlcMessage } from "./messages.js";

const message = (code: number, text = ""): TlcMessage => ({ code, severity: 0, text });
const OPEN = "<Open line 4, col 1 to line 4, col 4 of module Door>";
const NEXT = "<Next line 6, col 1 to line 6, col 4 of module Door (7 9 8 20)>";

describe("readActions", () => {
  it("reads the last counts of each action, and where a part of a definition is", () => {
    expect(
      readActions([
        message(2201),
        message(2772, `${OPEN}: 0:0`),
        message(2202),
        message(2201),
        message(2772, `${OPEN}: 1:3`),
        message(2772, `${NEXT}: 0:0`),
        message(2202),
      ]),
    ).toEqual([
      { name: "Open", location: { module: "Door", line: 4, column: 1, endLine: 4, endColumn: 4 }, taken: 3 },
      { name: "Next", location: { module: "Door", line: 7, column: 9, endLine: 8, endColumn: 20 }, taken: 0 },
    ]);
  });

  it("knows nothing about a run that was not counted, or only from a checkpoint on", () => {
    expect(readActions([message(2200)])).toBeUndefined();
    expect(readActions([message(2198), message(2201), message(2772, `${OPEN}: 0:0`)])).toBeUndefined();
  });

  it("takes anything that is not about an action for details", () => {
    const codes = [2201, 2202, 2221, 2772, 2773, 2774, 2775, 2776];
    expect(codes.filter((code) => isCoverageDetail(message(code)))).toEqual([2221, 2773, 2774, 2775, 2776]);
  });
});

import { describe, expect, it } from "vitest";
import { readSections, renderSection } from "./section.js";

const one = { anchor: "FALSE.pso", madeFrom: "0123456789abcdef", tlc: "2.18", body: "first\n\nlines" };
const whole = { ...one, anchor: "", body: "only" };

describe("sections of a page", () => {
  it("are read as they were written", () => {
    const page = `# Title\n\n${renderSection(one)}\n\ntext\n\n${renderSection(whole)}\n`;
    expect([...readSections(page)]).toEqual([
      ["FALSE.pso", one],
      ["", whole],
    ]);
  });

  it("are ignored when someone has edited them or broken their marks", () => {
    const page = renderSection(one);
    expect(readSections(page.replace("first", "other")).size).toBe(0);
    expect(readSections(page.replace("<!-- /counterexample -->", "")).size).toBe(0);
    expect(readSections(page.replace("made from 0", "made from x")).size).toBe(0);
  });
});

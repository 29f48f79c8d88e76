import {
  linkSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { replaceable, writeOutput } from "./output-file.js";

const folder = mkdtempSync(join(tmpdir(), "quiesce-output-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("an output file", () => {
  it("is replaced as a whole: whoever has the old one open has all of it", () => {
    const [file, old] = [join(folder, "new"), join(folder, "old")];
    writeFileSync(file, "before");
    linkSync(file, old);
    writeOutput(file, "after", "the text");
    expect([readFileSync(file, "utf8"), readFileSync(old, "utf8")]).toEqual(["after", "before"]);
    expect(readdirSync(folder).toSorted()).toEqual(["new", "old"]);
  });

  it("is written where a link leads to", () => {
    const [link, file] = [join(folder, "link"), join(folder, "new")];
    symlinkSync(file, link);
    writeOutput(link, "through the link", "the text");
    expect(readFileSync(file, "utf8")).toBe("through the link");
  });

  it("that a draft may replace is the one that a link leads to, and never a device, a pipe or a folder", () => {
    const [link, file, dangling] = [join(folder, "to"), join(folder, "there"), join(folder, "dangling")];
    writeFileSync(file, "");
    symlinkSync(file, link);
    symlinkSync(join(folder, "nowhere"), dangling);
    const replaced = (name: string) => () => replaceable(name, "the text", "--out");
    expect(replaced(link)()).toBe(realpathSync(file));
    expect(replaced(join(folder, "fresh"))()).toBe(join(folder, "fresh"));
    expect(replaced("/dev/null")).toThrow(/it is a device or a pipe/);
    expect(replaced(folder)).toThrow(/it is a folder/);
    expect(replaced(dangling)).toThrow(/it is a link to nothing/);
    expect(replaced("-")).toThrow(/which is no name of a file/);
    expect(() => writeOutput("-", "", "the text")).toThrow(/which is no name of a file/);
  });

  it("that can't be written is said, with the option that names it", () => {
    expect(() => writeOutput(join(folder, "none", "x"), "", "the text", "--save")).toThrow(
      expect.objectContaining({
        where: "--save",
        message: expect.stringContaining("its folder does not exist"),
      }),
    );
  });
});

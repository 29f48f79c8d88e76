import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { COUNTER, claim, createFolder, module, quiesce } from "./shared/program.fixture.js";
import { type ShownError, validated } from "./shared/schema.fixture.js";

const folder = createFolder();
afterAll(() => folder.remove());
folder.write({
  "Counter.tla": module("Counter", COUNTER),
  "none/Counter.tla": module("Counter", COUNTER),
  "verdict/Counter.tla": module("Counter", COUNTER),
  "none/Counter.cfg": claim("Claim: it counts"),
  "verdict/Counter.cfg": claim("Verdict: perhaps"),
  "key/Counter.tla": module("Counter", COUNTER),
  "key/Counter.cfg": claim("Claim: it counts\nVerdit: holds"),
  "module/Cuonter.cfg": claim("Verdict: holds"),
  "named/Counter.tla": module("Counter", COUNTER),
  "named/Other.cfg": claim("Verdict: holds\nModule: Cuonter"),
  "property/Counter.tla": module("Counter", COUNTER),
  "property/Counter.cfg": claim("Verdict: violated\nViolates: Smal"),
  "binary/x.cfg": Uint8Array.from({ length: 4096 }, (_, i) => (i * 7) % 256),
  "huge/x.cfg": "\\* Verdict: holds\n".repeat(100_000),
  "two/Counter.tla": module("Counter", COUNTER),
  "two/A.cfg": claim("Module: Counter\nVerdict: perhaps"),
  "two/B.cfg": claim("Module: Counter\nVerdict: certainly"),
  "empty/readme.txt": "nothing here",
  "full/Counter.tla": module("Counter", COUNTER),
  "full/Counter.cfg": claim("Verdict: holds\nSet: full"),
});

describe("bad input ends with 2, with the place and what to do, and nothing on standard output", () => {
  it.each([
    [
      "none",
      /^none\/Counter\.cfg:1:4 {2}the claim has no declared verdict\n {2}1 │ .*\n.*\^.*\n {2}.*Verdict: holds/,
    ],
    ["verdict", /^verdict\/Counter\.cfg:1:13 {2}.*perhaps/],
    ["key", /key\/Counter\.cfg:2:\d+ {2}unknown key Verdit\n {2}2 │ [\s\S]*Did you mean Verdict\?/],
    ["module", /^module\/Cuonter\.cfg:1:1 {2}.*module/],
    ["named", /^named\/Other\.cfg:2:12 {2}.*Cuonter[\s\S]*Counter/],
    ["property", /^property\/Counter\.cfg:2:14 {2}.*Smal\b/],
    ["binary", /^binary\/x\.cfg {2}the file is not UTF-8/],
    ["huge", /^huge\/x\.cfg {2}the file is too large for a claim \(1800000 bytes\)/],
    ["empty", /^empty {2}there is no claim \(\.cfg\) in the folder/],
    ["nowhere", /^nowhere {2}there is no such folder, file or claim/],
    [
      "Counter.tla",
      /^Counter\.tla {2}this file is not a claim\n {2}A claim is a \.cfg file; name it, or its folder/,
    ],
    ["", /a path is empty\n/],
    ["rcu/number-no-fence-x", /no such folder, file or claim\n {2}Did you mean rcu\/number-no-fence-\w/],
    ["full", /there is no claim to check\n {2}All of them are in the full set: add --full/],
  ])("%s", async (path, message) => {
    const { code, stdout, stderr } = await quiesce(["check", path], { cwd: folder.path });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr.replace(/^quiesce: /, "")).toMatch(message);
    expect(stderr).not.toMatch(/\n {4}at |node:internal/);
  });

  it("lists all problems, also as JSON", async () => {
    const { code, stdout, stderr } = await quiesce(["check", "--json", "two"], { cwd: folder.path });
    expect({ code, stderr }).toEqual({ code: 2, stderr: "" });
    const { error } = validated<ShownError>("error", stdout);
    expect(error.message).toMatch(
      /^2 problems with claims; nothing was done\ntwo\/A\.cfg:2:13 [\s\S]*two\/B\.cfg:2:13 /,
    );
    const one = validated<ShownError>(
      "error",
      (await quiesce(["check", "--json", join(folder.path, "verdict")], { cwd: folder.path })).stdout,
    );
    expect(one.error).toMatchObject({ where: "verdict/Counter.cfg:1:13", exitCode: 2 });
  });
});

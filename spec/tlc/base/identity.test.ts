import { spawn } from "node:child_process";
import { describe, expect, it } from "vitest";
import { identityOf, stillRuns } from "./identity.js";

describe("the process that was written down", () => {
  it("still runs when all of its identity is there", () => {
    expect(stillRuns(JSON.stringify(identityOf()))).toBe(true);
  });

  it("has gone when its number has another owner, as after a restart of a container or of the system", () => {
    expect(stillRuns(JSON.stringify({ ...identityOf(), started: "1" }))).toBe(false);
    expect(stillRuns(JSON.stringify({ ...identityOf(), boot: "another" }))).toBe(false);
  });

  it("can't be seen from another container", () => {
    expect(stillRuns(JSON.stringify({ ...identityOf(), namespace: "pid:[1]" }))).toBeUndefined();
  });

  it("has gone when nobody has its number, or when what was written is none of ours", async () => {
    const child = spawn("sleep", ["600"]);
    const text = JSON.stringify(identityOf(child.pid));
    expect(stillRuns(text)).toBe(true);
    child.kill("SIGKILL");
    await new Promise((resolve) => child.on("close", resolve));
    expect(stillRuns(text)).toBe(false);
    expect(stillRuns(JSON.stringify({ pid: process.pid }))).toBe(false);
    for (const bad of ["", "null", "{}", "12", '{"pid":"1"}']) expect(stillRuns(bad)).toBe(false);
  });

  it("is read whatever the program calls itself", () => {
    const before = identityOf().started;
    const title = process.title;
    process.title = ") S 1 2 (x";
    try {
      expect(identityOf().started).toBe(before);
    } finally {
      process.title = title;
    }
  });
});

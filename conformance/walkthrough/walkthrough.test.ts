import { spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { PROGRAM, ROOT } from "../program/cli/shared/program.fixture.js";

/** A command of the page, with the lines that it says are among the output, and its exit code. */
interface Shown {
  readonly command: string;
  readonly lines: readonly string[];
  readonly code: number;
}

function commandsOf(page: string): Shown[] {
  return [...page.matchAll(/```console\n([\s\S]*?)```/g)].flatMap(([, block = ""]) =>
    block
      .split(/^\$ /m)
      .filter((part) => part !== "")
      .map((part) => {
        const [command = "", ...rest] = part.trimEnd().split("\n");
        const code = Number(/^exit (\d+)$/.exec(rest.at(-1) ?? "")?.[1] ?? 0);
        return { command, code, lines: rest.filter((line) => !/^exit \d+$/.test(line)) };
      }),
  );
}

const commands = commandsOf(readFileSync(join(ROOT, "conformance", "walkthrough", "README.md"), "utf8"));
afterAll(() => rmSync(join(ROOT, "build", "walkthrough"), { recursive: true, force: true }));

describe("the walk-through", () => {
  it("has commands for four languages, and bugs in each", () => {
    expect(commands.filter(({ command }) => command.includes("conform")).length).toBeGreaterThanOrEqual(8);
    expect(commands.filter(({ code }) => code === 1)).toHaveLength(5);
  });

  it.each(commands)("$command", ({ command, lines, code }) => {
    const program = command.replaceAll("npx quiesce", `'${process.execPath}' '${PROGRAM}'`);
    const { status, stdout, stderr } = spawnSync("bash", ["-c", program], { cwd: ROOT, encoding: "utf8" });
    for (const line of lines) expect(stdout).toContain(line);
    expect({ status, stderr: status === code ? "" : stderr }).toEqual({ status: code, stderr: "" });
  });
});

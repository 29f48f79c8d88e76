import { execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { readClaims } from "../../../spec/tlc/claim/claim.js";
import { readLedger, staleClaims } from "./ledger.js";
import { Recorder } from "./recorder.js";
import type { CheckRow } from "./run.js";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "quiesce-recorder-"));
  await writeFile(join(folder, "M.tla"), "---- MODULE M ----\nVARIABLE x\n====\n");
  for (const name of ["M-a", "M-b", "M-c"])
    await writeFile(join(folder, `${name}.cfg`), `\\* Verdict: holds\nINIT x\nNEXT x\n\\* ${name}\n`);
  const git = (...words: string[]) => execFileSync("git", ["-C", folder, ...words], { stdio: "ignore" });
  git("init");
  git("add", ".");
  git("-c", "user.name=a", "-c", "user.email=a@b", "commit", "-m", "a");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function rowsAndLedger(everyMs: number) {
  const { claims } = await readClaims([], folder);
  const rows = claims.map(
    (claim): CheckRow => ({
      claim,
      verdict: "holds",
      asDeclared: claim.id !== "M-c",
      states: 1,
      seconds: 1,
      fromCache: false,
    }),
  );
  const file = join(folder, "ledger.json");
  const recorder = await Recorder.begin(file, folder, new AbortController().signal, everyMs);
  const recorded = async () => [...(await readLedger(file)).keys()];
  return { claims, rows, file, recorder, recorded };
}

it("writes down what is decided while the check goes on, so that a kill loses little", async () => {
  const { claims, rows, file, recorder, recorded } = await rowsAndLedger(0);
  recorder.row(rows[0] as CheckRow);
  await vi.waitFor(async () => expect(await recorded()).toEqual(["M-a"]), { timeout: 60_000 });
  // Killed here: what is stale then is what is left.
  const left = await staleClaims(claims, await readLedger(file));
  expect(left.map(({ id }) => id)).toEqual(["M-b", "M-c"]);
});

it("writes seldom, and the rest at the end; what was not as declared is not written", async () => {
  const { rows, recorder, recorded } = await rowsAndLedger(3_600_000);
  for (const row of rows) recorder.row(row);
  expect(await recorded()).toEqual([]);
  await recorder.end();
  expect(await recorded()).toEqual(["M-a", "M-b"]);
});

it("says so when the ledger can't be written", async () => {
  const { rows, recorder, file } = await rowsAndLedger(0);
  await writeFile(file, "no ledger");
  recorder.row(rows[0] as CheckRow);
  await expect(recorder.end()).rejects.toThrow("not a ledger");
});

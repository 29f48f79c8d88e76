import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { EnvironmentError, Interrupted } from "../base/errors.js";
import { createScratch, type Scratch } from "../base/scratch.js";
import { findTools, type Tools } from "../tools/tools.js";
import { freePort } from "./addresses.js";
import { runServer } from "./server.js";
import { stayWithServer } from "./worker-session.js";

let tools: Tools;
let home: Scratch;
beforeAll(async () => {
  tools = await findTools();
});
beforeEach(async () => {
  home = await createScratch("test");
  writeFileSync(join(home.path, "Count.tla"), COUNT);
});
afterEach(async () => await home.remove());

const COUNT = `---- MODULE Count ----
EXTENDS Naturals
VARIABLE n
Init == n = 0
Next == n < 500 /\\ n' = n + 1
Spec == Init /\\ [][Next]_n
====
`;

function serve(port: number, onJoined: () => void = () => undefined, signal?: AbortSignal) {
  let told: () => void = () => undefined;
  const ready = new Promise<void>((resolve) => {
    told = resolve;
  });
  const ended = runServer({
    ...{ tools, port, module: join(home.path, "Count.tla"), libraries: [], memoryMiB: 256 },
    config: "SPECIFICATION Spec\nCHECK_DEADLOCK FALSE\n",
    hosts: [{ kind: "join", host: "join" }],
    ...(signal && { signal }),
    onEvent: ({ kind }) => {
      if (kind === "ready") told();
      if (kind === "joined") onJoined();
    },
  });
  return { ready, ended };
}

function stay(port: number, patienceMs: number, onGone: () => void = () => undefined) {
  const folder = join(home.path, "worker");
  mkdirSync(folder, { recursive: true });
  const server = { host: "127.0.0.1", port };
  const options = { tools, server, ownAddress: "127.0.0.1", threads: 1, heapMiB: 256 };
  const more = { lookMs: 100, patienceMs, onGone, onLine: () => undefined };
  return stayWithServer({ ...options, ...more }, folder);
}

describe("stayWithServer", () => {
  it("joins a server that starts over", async () => {
    const port = await freePort();
    const stop = new AbortController();
    const first = serve(port, () => stop.abort(), stop.signal);
    await first.ready;
    let gone = 0;
    const worker = stay(port, 300_000, () => {
      gone++;
    });
    await expect(first.ended).rejects.toThrow(Interrupted);
    const { outcome, failed } = await serve(port).ended;
    expect(failed).toBeUndefined();
    expect(outcome.report.statistics).toMatchObject({ distinct: 501, queue: 0 });
    expect((await worker).aborted).toBe(false);
    expect(gone).toBe(1);
  });

  it("does not wait for ever for one that is gone", async () => {
    const port = await freePort();
    const stop = new AbortController();
    const server = serve(port, () => stop.abort(), stop.signal);
    await server.ready;
    const worker = stay(port, 300);
    // It may be reported before the server's own end.
    worker.catch(() => undefined);
    await expect(server.ended).rejects.toThrow(Interrupted);
    await expect(worker).rejects.toThrow(EnvironmentError);
  });
});

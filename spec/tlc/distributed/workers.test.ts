import { afterEach, describe, expect, it, vi } from "vitest";
import { Workers } from "./workers.js";

const said = (code: number, text: string) => ({ code, severity: 0, text });
const WORKER = "rmi://192.0.2.7:34567/0";
const joins = said(7001, `Registration for worker at ${WORKER} completed (2026-01-01 00:00:00)`);
const unreachable = said(7006, `TLC worker connection lost ${WORKER} (2026-01-01 00:00:00)`);
const gone = said(7002, `TLC worker ${WORKER} disconnected (2026-01-01 00:00:00)`);

function workers() {
  const onUnsound = vi.fn();
  const options = {
    tools: { java: {}, jar: {} } as never,
    hosts: [{ kind: "join" as const, host: "join" }],
    server: { host: "192.0.2.1", port: 1 },
    folder: "/nowhere",
    onAlone: vi.fn(),
    onUnsound,
  };
  return { workers: new Workers(options), onUnsound };
}

describe("Workers", () => {
  let one: Workers | undefined;
  afterEach(async () => await one?.end());

  it("counts those that the server has, and trusts it when it takes back the work of a lost one", () => {
    const { workers: all, onUnsound } = workers();
    one = all;
    all.take(joins);
    expect([all.registered, all.lost]).toEqual([1, false]);
    all.take(unreachable);
    all.take(gone);
    expect([all.registered, all.lost]).toEqual([0, true]);
    expect(onUnsound).not.toHaveBeenCalled();
  });

  it("does not trust the server when it fails to hand work over to one that it has given up", () => {
    const { workers: all, onUnsound } = workers();
    one = all;
    all.take(joins);
    all.take(gone);
    expect(onUnsound).not.toHaveBeenCalled();
    all.take(unreachable);
    expect(onUnsound).toHaveBeenCalledOnce();
  });
});

import { createSocket } from "node:dgram";
import { lookup } from "node:dns/promises";
import { connect, createServer } from "node:net";
import { EnvironmentError, messageOf } from "../base/errors.js";
import { hostNameOf } from "./ssh.js";
import type { WorkerHost } from "./worker-host.js";

/** A port that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done, fail) => server.once("error", fail).listen(0, "127.0.0.1", done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  return typeof address === "object" && address !== null ? address.port : 10_997;
}

/**
 * The address at which the workers reach us: that of the network interface that leads to the first of them elsewhere.
 */
export async function ownAddress(hosts: readonly WorkerHost[]): Promise<string> {
  const remote = hosts.find(({ kind }) => kind === "ssh");
  if (remote !== undefined) return await addressTowards(await hostNameOf(remote.host), 22);
  if (!hosts.some(({ kind }) => kind === "join")) return "127.0.0.1";
  // Nobody has this address: the route to it is the route out. Without a network, only this machine can join.
  return await addressTowards("192.0.2.1", 9).catch(() => "127.0.0.1");
}

/** Our address on the route to a host; nothing is sent. Throws EnvironmentError. */
export async function addressTowards(host: string, port: number): Promise<string> {
  const fail = (error: unknown): EnvironmentError =>
    new EnvironmentError(`there is no route to ${host}`, { hint: "Is the name right?", cause: error });
  const { address } = await lookup(host, { family: 4 }).catch((error: unknown) => {
    throw fail(error);
  });
  const socket = createSocket("udp4");
  try {
    await new Promise<void>((done, reject) => socket.once("error", reject).connect(port, address, done));
    return socket.address().address;
  } catch (error) {
    throw fail(error);
  } finally {
    socket.close();
  }
}

/** Our address as a server sees it, by connecting to it. Throws EnvironmentError when nobody answers there. */
export async function reach(host: string, port: number): Promise<string> {
  const socket = connect({ host, port, family: 4, timeout: 10_000 });
  try {
    await new Promise<void>((done, fail) => {
      socket.once("connect", done).once("error", fail);
      socket.once("timeout", () => fail(new Error("no answer within 10 s")));
    });
    return socket.localAddress ?? "127.0.0.1";
  } catch (error) {
    throw new EnvironmentError(`no server answers at ${host}:${port}: ${messageOf(error)}`, {
      hint: "Is it running, and is this the address that it printed?",
      cause: error,
    });
  } finally {
    socket.destroy();
  }
}

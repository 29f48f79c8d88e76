import type { IncomingMessage, ServerResponse } from "node:http";
import { describe, expect, it } from "vitest";
import { Interrupted } from "../base/errors.js";
import { DownloadError, download } from "./download.js";
import { startLoopback } from "./loopback.fixture.js";

const BODY = Buffer.from("a body of some length".repeat(1000));

/** What each path of the server does. */
const ANSWERS: Record<string, (request: IncomingMessage, response: ServerResponse) => void> = {
  "/jar": (_, response) => response.end(BODY),
  "/moved": (_, response) => response.writeHead(302, { location: "/moved-again" }).end(),
  "/moved-again": (_, response) => response.writeHead(301, { location: "/jar" }).end(),
  "/circle": (_, response) => response.writeHead(302, { location: "/circle" }).end(),
  "/missing": (_, response) => response.writeHead(404).end("no"),
  "/truncated": (_, response) => {
    response.writeHead(200, { "content-length": BODY.length });
    response.write(BODY.subarray(0, 1000), () => response.destroy());
  },
  "/never": () => undefined,
  "/stalls": (_, response) => {
    response.writeHead(200, { "content-length": BODY.length });
    response.write(BODY.subarray(0, 1000));
  },
  "/drips": (_, response) => {
    const drip = setInterval(() => response.write("x"), 20);
    response.on("close", () => clearInterval(drip));
  },
};

async function withServer<T>(work: (url: string) => Promise<T>): Promise<T> {
  const server = await startLoopback((request, response) => ANSWERS[request.url ?? ""]?.(request, response));
  try {
    return await work(server.url);
  } finally {
    await server.close();
  }
}

/** The reason why a download fails. */
async function failure(path: string, limits = {}): Promise<string> {
  return await withServer(async (url) => {
    const error = await download(url + path, { limits }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(DownloadError);
    return (error as DownloadError).message;
  });
}

describe("download", () => {
  it("returns the body, even after redirects", async () => {
    await withServer(async (url) => {
      expect(BODY.equals(await download(`${url}/jar`))).toBe(true);
      expect(BODY.equals(await download(`${url}/moved`))).toBe(true);
    });
  });

  it("fails for an error response, and for endless redirects", async () => {
    expect(await failure("/missing")).toBe("answered 404 Not Found");
    expect(await failure("/circle")).toContain("redirect");
  });

  it("fails for a truncated body", async () => {
    expect(await failure("/truncated")).toMatch(/the connection broke|other side closed|terminated/);
  });

  it("fails soon when no answer comes, when it stalls, when it takes too long or is too long", async () => {
    expect(await failure("/never", { answerMs: 200 })).toBe("no answer within 0.2 s");
    expect(await failure("/stalls", { silenceMs: 200 })).toBe("nothing came for 0.2 s");
    expect(await failure("/drips", { totalMs: 300 })).toBe("not finished within 0.3 s");
    expect(await failure("/jar", { maxBytes: 100 })).toBe("more than 100 bytes");
  });

  it("fails immediately for a refused connection, an unknown name and a malformed address", async () => {
    const server = await startLoopback(() => undefined);
    await server.close();
    await expect(download(server.url)).rejects.toThrow("the connection was refused");
    await expect(download("http://quiesce.invalid/")).rejects.toThrow(DownloadError);
    await expect(download("not an address")).rejects.toThrow(DownloadError);
  });

  it("is interrupted by its signal, before and in the middle", async () => {
    await withServer(async (url) => {
      await expect(download(`${url}/jar`, { signal: AbortSignal.abort() })).rejects.toThrow(Interrupted);
      const stop = new AbortController();
      setTimeout(() => stop.abort(), 100);
      await expect(download(`${url}/stalls`, { signal: stop.signal })).rejects.toThrow(Interrupted);
    });
  });
});

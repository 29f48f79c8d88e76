import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { BadInputError, EnvironmentError, Interrupted } from "../base/errors.js";
import { withScratch } from "../base/scratch.js";
import { findJar, type JarOptions } from "./jar.js";
import { type Loopback, startLoopback } from "./loopback.fixture.js";
import { type Pin, sha256 } from "./pins.js";

const compiled = pathToFileURL(createRequire(import.meta.url).resolve("quiesce/spec/tlc/tools/jar")).href;

/** Two builds, good enough to be found: they begin like a zip archive and have a pinned hash. */
const RELEASED = Buffer.concat([Buffer.from("PK\x03\x04"), Buffer.alloc(300_000, "released")]);
const ARTIFACT = Buffer.concat([Buffer.from("PK\x03\x04"), Buffer.alloc(200_000, "artifact")]);
const pins: readonly Pin[] = [
  { name: "released", sha256: sha256(RELEASED), file: "r.jar", from: { url: "http://127.0.0.1:9/r.jar" } },
  { name: "artifact", sha256: sha256(ARTIFACT), file: "a.jar", from: { maven: "group:artifact:1" } },
];

interface World {
  readonly folder: string;
  readonly server: Loopback;
  /** How the folder's cache and server are used; Maven is missing. */
  readonly options: JarOptions & { readonly pins: readonly Pin[] };
}

/** A separate world for a test: a cache, a server that gives the set answers, no Maven. */
async function inWorld<T>(
  answer: (r: ServerResponse) => void,
  work: (world: World) => Promise<T>,
): Promise<T> {
  return await withScratch("test", async (folder) => {
    const server = await startLoopback((_, response) => answer(response));
    const env = { ...process.env, TLA2TOOLS_JAR: undefined, QUIESCE_CACHE: join(folder, "cache") };
    const options = { env, pins, url: `${server.url}/r.jar`, maven: join(folder, "no-mvn") };
    try {
      return await work({ folder, server, options });
    } finally {
      await server.close();
    }
  });
}
const serves = (content: Buffer) => (response: ServerResponse) => void response.end(content);

/** A program that plays Maven: runs `script`, with the folder asked for as $1. */
function fakeMaven(folder: string, script: string): string {
  const file = join(folder, "mvn");
  writeFileSync(file, `#!/bin/sh\nset -- "\${5#-DoutputDirectory=}" "$@"\n${script}\n`);
  chmodSync(file, 0o755);
  return file;
}

describe("TLA2TOOLS_JAR", () => {
  it("is taken before all else; an unknown hash is accepted, but not verified", async () => {
    await inWorld(serves(RELEASED), async ({ folder, server, options }) => {
      const own = join(folder, "own.jar");
      writeFileSync(own, "PK\x03\x04 of my own");
      const env = { ...options.env, TLA2TOOLS_JAR: own };
      expect(await findJar({ ...options, env })).toMatchObject({
        path: own,
        source: "TLA2TOOLS_JAR",
        verified: false,
        sha256: sha256("PK\x03\x04 of my own"),
      });
      writeFileSync(own, ARTIFACT);
      expect(await findJar({ ...options, env })).toMatchObject({ verified: true, pin: { name: "artifact" } });
      expect(server.asked).toEqual([]);
    });
  });

  it("that is missing, a folder or not a jar is an error that names the variable; nothing else is taken", async () => {
    await inWorld(serves(RELEASED), async ({ folder, server, options }) => {
      writeFileSync(join(folder, "text"), "PKnot a jar");
      writeFileSync(join(folder, "empty"), "");
      const problems: Record<string, string> = {
        nowhere: "does not exist",
        text: "not a jar",
        empty: "not a jar",
        ".": "is a folder",
      };
      for (const [name, problem] of Object.entries(problems)) {
        const env = { ...options.env, TLA2TOOLS_JAR: join(folder, name) };
        const error = await findJar({ ...options, env }).catch((e: unknown) => e);
        expect(error).toBeInstanceOf(BadInputError);
        expect(error).toMatchObject({ where: "TLA2TOOLS_JAR", message: expect.stringContaining(problem) });
      }
      expect(server.asked).toEqual([]);
    });
  });
});

describe("the release", () => {
  it("is fetched, checked, kept, and then taken from the cache", async () => {
    await inWorld(serves(RELEASED), async ({ folder, server, options }) => {
      const path = join(folder, "cache", "jar", "r.jar");
      expect(await findJar(options)).toMatchObject({ path, source: "download", verified: true });
      expect(readFileSync(path).equals(RELEASED)).toBe(true);
      expect(await findJar(options)).toMatchObject({ path, source: "cache", verified: true });
      expect(server.asked).toEqual(["/r.jar"]);
      expect(readdirSync(join(folder, "cache", "jar"))).toEqual(["r.jar"]);
    });
  });

  it("is found after a redirect, and at QUIESCE_JAR_URL", async () => {
    const redirects = await startLoopback((request, response) =>
      request.url === "/there"
        ? response.end(RELEASED)
        : response.writeHead(302, { location: "/there" }).end(),
    );
    await inWorld(serves(RELEASED), async ({ server, options }) => {
      const { url: _, ...others } = options;
      const env = { ...options.env, QUIESCE_JAR_URL: `${redirects.url}/here` };
      expect(await findJar({ ...others, env })).toMatchObject({ source: "download", verified: true });
      expect(redirects.asked).toEqual(["/here", "/there"]);
      expect(server.asked).toEqual([]);
    });
    await redirects.close();
  });

  it("replaces a corrupt file in the cache", async () => {
    await inWorld(serves(RELEASED), async ({ folder, options }) => {
      const path = join(folder, "cache", "jar", "r.jar");
      mkdirSync(join(folder, "cache", "jar"), { recursive: true });
      writeFileSync(path, RELEASED.subarray(0, 1000));
      expect(await findJar(options)).toMatchObject({ path, source: "download" });
      expect(readFileSync(path).equals(RELEASED)).toBe(true);
    });
  });

  it("with a wrong hash, truncated, refused, missing or silent is never used: the error says which, and what to do", async () => {
    const wrong = Buffer.concat([RELEASED, Buffer.from("!")]);
    const cases: [string, (response: ServerResponse) => void][] = [
      ["its hash is wrong", serves(wrong)],
      ["answered 404", (response) => void response.writeHead(404).end()],
      ["no answer within 0.2 s", () => undefined],
      [
        "", // Node says it in several ways.
        (response) => {
          response.writeHead(200, { "content-length": RELEASED.length });
          response.write(RELEASED.subarray(0, 100_000), () => response.destroy());
        },
      ],
      // Without a length, only the hash can tell.
      ["its hash is wrong", serves(RELEASED.subarray(0, 100_000))],
    ];
    for (const [reason, answer] of cases) {
      await inWorld(answer, async ({ folder, server, options }) => {
        // Only the one that never answers is late, however busy the machine is.
        const limits = reason.startsWith("no answer") ? { answerMs: 200 } : {};
        const error = await findJar({ ...options, limits }).catch((e: unknown) => e);
        expect(error).toBeInstanceOf(EnvironmentError);
        const { message, hint } = error as EnvironmentError;
        expect(message).toContain(`${server.url}/r.jar: ${reason}`);
        expect(message).toMatch(/Maven, group:artifact:1: Maven .* is not installed/);
        expect(message).toContain("TLA2TOOLS_JAR: not set");
        expect(hint).toContain("apt-get install maven");
        expect(existsSync(join(folder, "cache"))).toBe(false);
      });
    }
    await inWorld(serves(RELEASED), async ({ server, options }) => {
      await server.close();
      await expect(findJar(options)).rejects.toThrow(/r\.jar: the connection was refused/);
    });
  });

  it("is used from a folder of this process when the cache can't be written", async () => {
    await inWorld(serves(RELEASED), async ({ folder, options }) => {
      writeFileSync(join(folder, "regular"), "");
      const env = { ...options.env, QUIESCE_CACHE: join(folder, "regular", "cache") };
      const notices: string[] = [];
      const jar = await findJar({ ...options, env, onNotice: (text) => notices.push(text) });
      expect(jar).toMatchObject({ source: "download", verified: true });
      expect(readFileSync(jar.path).equals(RELEASED)).toBe(true);
      expect(notices).toEqual([
        expect.stringMatching(/for this run only: the cache can't be written.*QUIESCE_CACHE/),
      ]);
    });
  });

  it("stops immediately", async () => {
    await inWorld(
      () => undefined,
      async ({ options }) => {
        const stop = new AbortController();
        setTimeout(() => stop.abort(), 100);
        await expect(findJar({ ...options, signal: stop.signal })).rejects.toThrow(Interrupted);
      },
    );
  });
});

describe("Maven", () => {
  it("fetches the artifact when the release is unavailable", async () => {
    await inWorld(serves(Buffer.from("wrong")), async ({ folder, options }) => {
      writeFileSync(join(folder, "original.jar"), ARTIFACT);
      const maven = fakeMaven(folder, `cp ${join(folder, "original.jar")} "$1/artifact-1.jar"`);
      const fetched: string[] = [];
      const jar = await findJar({ ...options, maven, onFetch: (text) => fetched.push(text) });
      expect(jar).toMatchObject({
        source: "maven",
        verified: true,
        path: join(folder, "cache", "jar", "a.jar"),
      });
      expect(fetched).toHaveLength(2);
      expect(await findJar(options)).toMatchObject({ source: "cache", pin: { name: "artifact" } });
    });
  });

  it("that fails, or brings another file or nothing, is not trusted", async () => {
    const scripts: [string, string][] = [
      ["echo '[ERROR] no such artifact'; echo '[ERROR] more'; exit 1", "failed: no such artifact"],
      [
        "printf '\\033[0m\\033[0m[ERROR] no such artifact\\n[ERROR] more\\n'; exit 1",
        "failed: no such artifact",
      ],
      ['echo x > "$1/artifact-1.jar"', "its hash is wrong (2 bytes"],
      ["true", "brought no jar"],
    ];
    for (const [script, reason] of scripts) {
      await inWorld(serves(Buffer.from("wrong")), async ({ folder, options }) => {
        await expect(findJar({ ...options, maven: fakeMaven(folder, script) })).rejects.toThrow(reason);
        expect(existsSync(join(folder, "cache"))).toBe(false);
      });
    }
  });
});

describe("two processes that fetch at the same time", () => {
  it("both succeed, with the same complete file", async () => {
    const slow = (response: ServerResponse): void => {
      response.writeHead(200, { "content-length": RELEASED.length });
      response.write(RELEASED.subarray(0, 150_000));
      setTimeout(() => response.end(RELEASED.subarray(150_000)), 400);
    };
    await inWorld(slow, async ({ folder, server, options }) => {
      const script = `import { findJar } from ${JSON.stringify(compiled)};
        const jar = await findJar(${JSON.stringify({ pins, url: options.url, maven: options.maven })});
        process.stdout.write(JSON.stringify(jar));`;
      const found = await Promise.all(
        [1, 2].map(async () => {
          const env: NodeJS.ProcessEnv = { ...options.env };
          const child = spawn(process.execPath, ["--input-type=module", "-e", script], { env });
          let out = "";
          child.stdout.on("data", (chunk: Buffer) => {
            out += chunk.toString();
          });
          const [code] = (await once(child, "close")) as [number];
          expect(code).toBe(0);
          return JSON.parse(out) as unknown;
        }),
      );
      const path = join(folder, "cache", "jar", "r.jar");
      expect(found).toEqual([expect.objectContaining({ path }), expect.objectContaining({ path })]);
      expect(readFileSync(path).equals(RELEASED)).toBe(true);
      expect(server.asked).toHaveLength(2);
      expect(readdirSync(join(folder, "cache", "jar"))).toEqual(["r.jar"]);
    });
  });
});

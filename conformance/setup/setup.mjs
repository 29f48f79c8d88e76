// Makes a fresh clone ready to run: packages, compiled TypeScript, the addon, TLC's jar. Plain JavaScript without
// packages, since it installs them. It skips each part that is up to date.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { checkMachine, lacks } from "./machine.mjs";
import { takeTurns } from "./turns.mjs";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const path = (...parts) => join(root, ...parts);
const program = path("dist", "conformance", "cli", "main.js");

/**
 * Ctrl-C reaches a command as well, and npm then tidies up: we end when it is done. Other signals are passed on. The
 * second signal ends us immediately.
 */
function stopOnSignals() {
  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ]) {
    process.on(signal, () => {
      if (stopped !== undefined || running === undefined) process.exit(code);
      stopped = code;
      if (signal !== "SIGINT") running.kill(signal);
    });
  }
}

let running;
let stopped;

/** Starts a command, waits for its end, and returns its exit code and its output. */
async function finish(command, args, stdio) {
  let output = "";
  running = spawn(command, args, { cwd: root, stdio });
  for (const stream of [running.stdout, running.stderr]) stream?.on("data", (text) => (output += text));
  const [code, failure] = await new Promise((resolve) => {
    running.on("error", (error) => resolve([undefined, error.message]));
    running.on("close", (status, signal) => resolve([status ?? 1, signal ?? `exit code ${status}`]));
  });
  running = undefined;
  if (stopped !== undefined) process.exit(stopped);
  return { code, failure, output };
}

/** Runs a command of the set-up; its output is shown only when it fails. */
async function run(what, command, args) {
  process.stderr.write(`set-up: ${what}\n`);
  const { code, failure, output } = await finish(command, args, ["ignore", "pipe", "pipe"]);
  if (code === 0) return;
  process.stderr.write(output);
  lacks(`${what} failed: ${failure}`, [`The command was: ${command} ${args.join(" ")}`]);
}

/**
 * Why npm can't reach its registry, or undefined. npm itself tries for minutes, in silence. A registry that answers but
 * does not support ping counts as reached: it may well have the packages.
 */
function whyUnreachable() {
  const ask = ["ping", "--fetch-retries=0", "--fetch-timeout=15000", "--loglevel=error"];
  const { error, stderr } = spawnSync("npm", ask, { cwd: root, encoding: "utf8" });
  if (error) lacks(`npm can't be started: ${error.message}`, ["It comes with Node: https://nodejs.org"]);
  return /E(CONNREFUSED|CONNRESET|NOTFOUND|AI_AGAIN|HOSTUNREACH|NETUNREACH|TIMEDOUT)|ERR_SOCKET_TIMEOUT/.exec(
    stderr,
  )?.[0];
}

// Not `npm ci`: it refuses a lock file without every other platform's optional binaries, and a registry's mirror may
// not have them all. This takes the locked versions as well, and leaves the lock file as it is.
const INSTALL = ["install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error"];

/** Installs the packages of package-lock.json, unless exactly these are already there. */
async function installPackages() {
  const stamp = path("node_modules", ".quiesce-lock");
  const hash = createHash("sha256")
    .update(readFileSync(path("package-lock.json")))
    .digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === hash) return;
  rmSync(stamp, { force: true });
  // npm takes what an interrupted installation left behind for complete.
  const begun = path("build", "installing");
  if (existsSync(begun)) rmSync(path("node_modules"), { recursive: true, force: true });
  writeFileSync(begun, "");
  const reason = whyUnreachable();
  if (reason === undefined) await run("installing packages", "npm", INSTALL);
  else if ((await finish("npm", [...INSTALL, "--offline"], "ignore")).code !== 0) {
    lacks(`npm can't reach its registry (${reason}), and its cache lacks some of the needed packages.`, [
      "Check the network, and what these print:  npm config get registry  and  npm config get proxy",
      "Then run the same command again.",
    ]);
  }
  writeFileSync(stamp, hash);
  rmSync(begun, { force: true });
}

async function compile() {
  await run("compiling TypeScript", process.execPath, [
    path("node_modules", "typescript", "bin", "tsc"),
    "-p",
    "tsconfig.build.json",
  ]);
  linkProgram();
}

/** For `npx quiesce`. npx would make its own link, once, and keep a broken one if it ran before the set-up. */
function linkProgram() {
  chmodSync(program, 0o755);
  const link = path("node_modules", ".bin", "quiesce");
  rmSync(link, { force: true });
  symlinkSync(relative(dirname(link), program), link);
}

/** The program does the rest: the addon, TLC's jar, the paths. */
async function prepare() {
  const { code } = await finish(
    process.execPath,
    [program, "setup", ...process.argv.slice(2)],
    ["ignore", "inherit", "inherit"],
  );
  if (code !== 0) process.exit(code ?? 1);
}

stopOnSignals();
checkMachine(root);
takeTurns(path("build", "setup.lock"));
await installPackages();
await compile();
await prepare();

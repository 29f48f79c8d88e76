// Makes a fresh clone ready to run: packages, compiled TypeScript, the addon, TLC's jar.
// Plain JavaScript without packages, since it is what installs them. Each part is skipped when it is up to date.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const path = (...parts) => join(root, ...parts);

/** Ends with a message that says what is missing and the command that installs it (exit 3: the environment lacks something). */
function lacks(what, how) {
  process.stderr.write(`quiesce: ${what}\n${how.map((line) => `  ${line}\n`).join("")}`);
  process.exit(3);
}

/** True when `command` can be started at all. */
function starts(command, args) {
  const result = spawnSync(command, args, { stdio: "ignore" });
  return result.error === undefined && result.status === 0;
}

/** Runs a command of the set-up; its output is shown only when it fails. */
function run(what, command, args) {
  process.stderr.write(`set-up: ${what}\n`);
  const result = spawnSync(command, args, { cwd: root, encoding: "utf8", maxBuffer: 1 << 26 });
  if (result.status === 0) return;
  if (result.signal) process.exit(result.signal === "SIGINT" ? 130 : 143);
  process.stderr.write(`${result.stdout ?? ""}${result.stderr ?? ""}`);
  lacks(`${what} failed: ${result.error?.message ?? `exit code ${result.status}`}`, [
    `The command was: ${command} ${args.join(" ")}`,
  ]);
}

function checkNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > 20 || (major === 20 && minor >= 12)) return;
  lacks(`Node ${process.versions.node} is too old; 20.12 or newer is needed.`, [
    "Install it from https://nodejs.org, or:  nvm install 20",
  ]);
}

function checkJava() {
  const home = process.env.JAVA_HOME;
  if (home && starts(join(home, "bin", "java"), ["-version"])) return;
  if (starts("java", ["-version"])) return;
  lacks(
    "Java was not found (JAVA_HOME and PATH were searched); TLC, the model checker, needs version 11 or newer.",
    [
      "Debian, Ubuntu:  sudo apt-get install default-jdk-headless",
      "Fedora:          sudo dnf install java-17-openjdk-headless",
      "macOS:           brew install openjdk",
    ],
  );
}

function checkCompiler() {
  const candidates = process.env.CC ? [process.env.CC] : ["cc", "gcc", "clang"];
  if (candidates.some((name) => starts(name.split(" ")[0], ["--version"]))) return;
  const tried = process.env.CC
    ? `CC=${process.env.CC} can't be started`
    : `${candidates.join(", ")} were tried`;
  lacks(`No C compiler was found (${tried}); the native library needs one that knows C11.`, [
    "Debian, Ubuntu:  sudo apt-get install gcc libc6-dev",
    "Fedora:          sudo dnf install gcc glibc-devel",
    "macOS:           xcode-select --install",
  ]);
}

/** Installs the packages of package-lock.json, unless exactly these are there already. */
function installPackages() {
  const stamp = path("node_modules", ".quiesce-lock");
  const hash = createHash("sha256")
    .update(readFileSync(path("package-lock.json")))
    .digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === hash) return;
  // Not `npm ci`: it refuses a lock file without every other platform's optional binaries, and a registry's mirror may
  // not have them all. This takes the locked versions as well, and leaves the lock file as it is.
  run("installing packages", "npm", ["install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error"]);
  writeFileSync(stamp, hash);
}

function compile() {
  run("compiling TypeScript", process.execPath, [
    path("node_modules", "typescript", "bin", "tsc"),
    "-p",
    "tsconfig.build.json",
  ]);
}

/** The rest is the program's own business: the addon, TLC's jar, the paths. */
function prepare() {
  const result = spawnSync(process.execPath, [path("dist", "conformance", "cli", "main.js"), "setup"], {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
  });
  if (result.status !== 0) process.exit(result.status ?? 130);
}

checkNode();
checkJava();
checkCompiler();
installPackages();
compile();
prepare();

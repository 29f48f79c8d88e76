// What the set-up needs from the machine, and the messages for what is missing.
import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { join } from "node:path";

/** Ends with a message that says what is missing and the command that installs it (exit 3: the environment lacks something). */
export function lacks(what, how) {
  process.stderr.write(`quiesce: ${what}\n${how.map((line) => `  ${line}\n`).join("")}`);
  process.exit(3);
}

/** Why `command` can't be used, in its own words where it has any; undefined when it can. */
function whyNot(command, args) {
  const { error, status, signal, stdout, stderr } = spawnSync(command, args, { encoding: "utf8" });
  if (error !== undefined) return error.code === "ENOENT" ? "not there" : error.message;
  if (status === 0) return undefined;
  const words = `${stderr}\n${stdout}`
    .split("\n")
    .find((line) => line.trim() !== "" && !line.includes("Picked up "));
  return words?.trim() ?? `ended with ${signal ?? status}`;
}

function checkSystem() {
  if (process.platform === "linux") return;
  lacks(`Quiesce needs Linux, for membarrier() and futex; this is ${process.platform}.`, [
    "Use a Linux machine, a virtual machine, or a container.",
  ]);
}

function checkNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > 20 || (major === 20 && minor >= 12)) return;
  lacks(`Node ${process.versions.node} is too old; 20.12 or newer is needed.`, [
    "Install it from https://nodejs.org, or:  nvm install 20",
  ]);
}

/** Which version it is, and whether its options go with ours, the program looks at later. */
function checkJava() {
  const home = process.env.JAVA_HOME;
  const candidates = [...(home ? [join(home, "bin", "java")] : []), "java"];
  const reasons = [];
  for (const command of candidates) {
    const reason = whyNot(command, ["-version"]);
    if (reason === undefined) return;
    reasons.push(`${command}: ${reason}`);
  }
  const variables = ["JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"].filter(
    (name) => process.env[name],
  );
  lacks(`No Java runs here; TLC, the model checker, needs version 11 or newer. Tried:`, [
    ...reasons,
    ...variables.map((name) => `${name} gives it options: ${process.env[name]}`),
    "Debian, Ubuntu:  sudo apt-get install default-jdk-headless",
    "Fedora:          sudo dnf install java-17-openjdk-headless",
  ]);
}

/** A command in CC is for the program, which knows how to read it. */
function checkCompiler() {
  const candidates = ["cc", "gcc", "clang"];
  if (process.env.CC?.trim() || candidates.some((name) => whyNot(name, ["--version"]) === undefined)) return;
  lacks(
    `No C compiler was found (tried ${candidates.join(", ")}); the native library needs one that supports C11.`,
    [
      "Debian, Ubuntu:  sudo apt-get install gcc libc6-dev",
      "Fedora:          sudo dnf install gcc glibc-devel",
    ],
  );
}

function checkFolder(root) {
  try {
    accessSync(root, constants.W_OK);
  } catch (error) {
    lacks(`this folder can't be written (${error.code}): ${root}`, [
      "The set-up needs room in it for node_modules, dist and build. Make it writable, or clone it elsewhere.",
    ]);
  }
}

/** Ends with a message unless Linux, Node, Java and a C compiler are available and `root` can be written. */
export function checkMachine(root) {
  checkSystem();
  checkNode();
  checkJava();
  checkCompiler();
  checkFolder(root);
}

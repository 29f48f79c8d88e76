// What the set-up needs from the machine, and the messages for what is missing.
import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { join } from "node:path";

/** Ends with a message that says what is missing and the command that installs it (exit 3: the environment lacks something). */
export function lacks(what, how) {
  process.stderr.write(`quiesce: ${what}\n${how.map((line) => `  ${line}\n`).join("")}`);
  process.exit(3);
}

/** Whether `command` can be started at all. */
function starts(command, args) {
  const result = spawnSync(command, args, { stdio: "ignore" });
  return result.error === undefined && result.status === 0;
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

function checkJava() {
  const home = process.env.JAVA_HOME;
  if (home && starts(join(home, "bin", "java"), ["-version"])) return;
  if (starts("java", ["-version"])) return;
  lacks(
    "Java was not found (JAVA_HOME and PATH were searched); TLC, the model checker, needs version 11 or newer.",
    [
      "Debian, Ubuntu:  sudo apt-get install default-jdk-headless",
      "Fedora:          sudo dnf install java-17-openjdk-headless",
    ],
  );
}

function checkCompiler() {
  const candidates = process.env.CC ? [process.env.CC] : ["cc", "gcc", "clang"];
  if (candidates.some((name) => starts(name.split(" ")[0], ["--version"]))) return;
  const tried = process.env.CC ? `CC=${process.env.CC} can't be started` : `tried ${candidates.join(", ")}`;
  lacks(`No C compiler was found (${tried}); the native library needs one that supports C11.`, [
    "Debian, Ubuntu:  sudo apt-get install gcc libc6-dev",
    "Fedora:          sudo dnf install gcc glibc-devel",
  ]);
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

import { build } from "../../../native/js/artifact.js";
import { mutantText } from "../../../native/js/mutants.js";
import { buildLiar, canLie, runLying } from "../../kernel/liar.js";
import { KERNEL_SOURCES } from "../../kernel/program.js";
import type { KernelReport } from "../../kernel/report.js";
import { runKernelProgram } from "../../kernel/run.js";
import { killed, MISSED, type Outcome, open, type Suite } from "./suite.js";
import { sourcesOf } from "./texts.js";

const WALK = ["--no-ordering"] as const;

function outcomeOf({ verdict, differences, ordering, undecided }: KernelReport): Outcome | undefined {
  if (verdict === "unavailable") return undefined;
  const [first] = differences;
  if (first !== undefined) return killed(`${first.call}: ${first.answer}, not ${first.expected}`);
  const missed = ordering.find(({ result }) => result === "missed");
  if (missed !== undefined)
    return killed(`${missed.command}: loads missed in ${missed.misses} of ${missed.rounds} rounds`);
  if (verdict === "inconclusive") return open(undecided[0]?.why ?? "nothing was seen with QUERY, either");
  return verdict === "differs" ? killed("it differs") : MISSED;
}

/** The kernel's own tests, with an emulated kernel, or with what the library makes of the call. */
export const kernel: Suite = {
  name: "kernel",
  about: "quiesce kernel: every edge of Api on the system call, and the order that each command promises",
  version: 1,
  part({ subject }) {
    if (subject.kind === "mistake" || subject.kind === "idle") {
      if (!canLie) return undefined;
      return {
        depends: async () => [await sourcesOf("kernel"), subject],
        async run({ signal }) {
          const liar = await buildLiar();
          if (subject.kind === "mistake")
            return outcomeOf((await runLying(liar, ["--mistake", subject.mistake], WALK, signal)).report);
          // Where GLOBAL is a real call, each of its rounds takes milliseconds.
          const rounds = subject.command === "GLOBAL" ? "5000" : "1000";
          const lie = ["--answer", "0", "--command", String(subject.number)];
          const { report } = await runLying(
            liar,
            lie,
            ["--no-walk", "--no-gaps", "--rounds", rounds],
            signal,
          );
          return outcomeOf(report);
        },
      };
    }
    const change = subject.kind === "native" ? subject.change : undefined;
    if (change === undefined || !KERNEL_SOURCES.includes(change.file)) return undefined;
    return {
      depends: async () => [await sourcesOf("kernel"), change],
      async run({ signal }) {
        const program = await build(
          {
            ...{ name: `kernel-${change.name}`, ending: "", sources: KERNEL_SOURCES, options: ["-O2"] },
            changed: await mutantText(change),
          },
          { signal },
        );
        return outcomeOf((await runKernelProgram(program, { options: WALK, signal })).report);
      },
    };
  },
};

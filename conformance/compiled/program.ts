import type { Role, Step } from "../../native/js/disassembly/read-side.js";
import { BadInputError } from "../../spec/tlc/base/errors.js";

/** The machine's words for what a role stands for, in a section of reader r. */
const ADDRESS: Readonly<Partial<Record<Role, string>>> = {
  announced: "Announced(r)",
  gp: '"gp"',
  notice: "Notice(r)",
  head: '"head"',
};

/** The registers that the modules of spec/rcu know by name. Others are numbered. */
const REGISTER: Readonly<Partial<Record<Role, string>>> = { gp: "gp", head: "ptr", cell: "use" };

const MODES = { plain: "once", acquire: "acquire", release: "release" } as const;

/**
 * A section as compiled, as a program of the machine (spec/machine/Instruction.tla): one instruction a step, in exactly
 * this order. Accesses are "once" and better, so that the machine's own compiler leaves their order alone: the real one
 * has been here before it. `s` is the section's number.
 *
 * Without its looks (`withLooks` false) the program is smaller, and may do at least what it may do with them: they load
 * words that nobody else changes in the model, decide nothing, and only hold others back.
 *
 * @throws BadInputError for a step that the machine has no instruction for: a call, or a locked instruction
 */
export function sectionProgram(steps: readonly Step[], withLooks = true): string[] {
  /** The register of the last load of each role. */
  const registers = new Map<Role, string>();
  let numbered = 0;
  const isLook = (step: Step): boolean =>
    (step.is === "load" || step.is === "branch") && (step.role === "announced" || step.role === "notice");
  const kept = withLooks ? steps : steps.filter((step) => !isLook(step));
  return kept.flatMap((step): string[] => {
    switch (step.is) {
      case "load": {
        if (step.role === "gp address") return [];
        const name = REGISTER[step.role] ?? `seen${++numbered}_`;
        if ([...registers.values()].includes(name))
          throw new BadInputError(`a section loads ${step.role} twice, which the model has no register for`);
        registers.set(step.role, name);
        const access =
          step.role === "cell"
            ? `Deref(Reg("${name}", s), Reg("${registers.get("head")}", s), Cells)`
            : `Load(Reg("${name}", s), ${ADDRESS[step.role]})`;
        return [`In("${MODES[step.mode]}", ${access})`];
      }
      case "store": {
        const to = ADDRESS[step.role];
        if (to === undefined) throw new BadInputError(`a section stores to ${step.role}`);
        const access =
          step.value === "gp"
            ? `StoreReg(${to}, Reg("${registers.get("gp")}", s), 0)`
            : `Store(${to}, ${step.value})`;
        return [`In("${MODES[step.mode]}", ${access})`];
      }
      case "branch": {
        const whole = `<<"reg", Reg("${registers.get(step.role)}", s)>>`;
        const tested = step.mask === undefined ? whole : `<<"&", ${whole}, <<"num", ${step.mask}>>>>`;
        return [`Branch(<<"${step.zero ? "==" : "!="}", ${tested}, <<"num", 0>>>>)`];
      }
      case "fence":
        return ['Fence("mb")'];
      default:
        throw new BadInputError(
          step.is === "call" ? `a section calls ${step.callee}` : "a section has a locked instruction",
        );
    }
  });
}

/** How a section ends, as compiled: the end of the announcement and the look at the notice, and fences, in this order. */
export function leavingProgram(steps: readonly Step[]): string[] {
  const lastLook = steps.findLastIndex((step) => step.is === "load" && step.role === "notice");
  return steps.flatMap((step, at): string[] => {
    if (step.is === "fence") return ['Fence("mb")'];
    if (step.is === "load" && at === lastLook)
      return [`In("${MODES[step.mode]}", Load("waiting", "waiting"))`];
    if (step.is === "store" && step.role === "announced" && step.value === 0)
      return [`In("${MODES[step.mode]}", Store(Announced(r), 0))`];
    return [];
  });
}

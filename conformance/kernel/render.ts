import { COMMAND_BITS, COMMAND_NAMES } from "../../native/js/membarrier-bits.js";
import { BadInputError } from "../../spec/tlc/base/errors.js";
import type { KernelPlan } from "./plan.js";
import { parseStep } from "./words.js";

const MADE_BY = "Generated from spec/membarrier/registration/Api.tla by `npm run generate`. Do not edit.";
/** Where the plan stands, from the root. */
export const PLAN_FILE = "native/kernel/generated/plan.h";
/** Where the commands' numbers stand, from the root. */
export const COMMANDS_FILE = "native/src/generated/membarrier_commands.h";
const WIDTH = 120;

/** The commands' numbers for C: a C library alone has no header of the kernel. */
export function renderCommands(): string {
  const rows = COMMAND_NAMES.map((name) => `X(${name}, ${COMMAND_BITS[name]})`);
  return `/* SPDX-License-Identifier: MIT */
/* Generated from native/js/membarrier-bits.ts by \`npm run generate\`. Do not edit. */
#ifndef QS_GENERATED_MEMBARRIER_COMMANDS_H
#define QS_GENERATED_MEMBARRIER_COMMANDS_H

/* The commands of membarrier(2), by rising bit, as in include/uapi/linux/membarrier.h of the kernel. */
#define QS_MEMBARRIER_COMMANDS(X) \\
	${rows.join(" \\\n\t")}

#define QS_MEMBARRIER_COMMAND(name, number) QS_CMD_##name = (number),
enum qs_membarrier_bit { QS_CMD_QUERY = 0, QS_MEMBARRIER_COMMANDS(QS_MEMBARRIER_COMMAND) };
#undef QS_MEMBARRIER_COMMAND

#endif
`;
}

/** The hash of the sources that a plan's file was made from; undefined when the file does not say. */
export function sourceOfPlan(text: string): string | undefined {
  return /^#define QS_PLAN_SOURCE "([0-9a-f]+)"$/m.exec(text)?.[1];
}

/** All files that are made for the walking program: their paths from the root, and their texts. */
export function kernelFiles(plan: KernelPlan): { readonly path: string; readonly text: string }[] {
  return [
    { path: PLAN_FILE, text: renderPlan(plan) },
    { path: COMMANDS_FILE, text: renderCommands() },
  ];
}

/** The plan as C arrays; native/kernel/plan.h has their types. */
export function renderPlan({ source, suites }: KernelPlan): string {
  const steps = new Table();
  const states = new Table();
  const moves: string[] = [];
  const paths: string[] = [];
  const rows: string[] = [];
  for (const suite of suites) {
    const first = paths.length;
    for (const path of suite.paths) {
      paths.push(`{ ${path.kernel}, ${moves.length}, ${path.moves.length} }`);
      for (const { step, answer, before, first: isFirst } of path.moves)
        moves.push(`{${steps.index(step)},${states.index(before)},${answer},${isFirst ? 1 : 0}}`);
    }
    rows.push(`{ "${suite.claim}", ${suite.mask}, ${first}, ${suite.paths.length} }`);
  }
  return `/* SPDX-License-Identifier: MIT */
/* ${MADE_BY} */
#ifndef QS_KERNEL_GENERATED_PLAN_H
#define QS_KERNEL_GENERATED_PLAN_H

#define QS_PLAN_SOURCE "${source}"

/* The steps: who takes it, what it is, and its arguments. */
static const struct qs_step QS_STEPS[] = {
${lines(steps.texts.map(stepRow))}
};

/* The states, in words. */
static const char *const QS_STATES[] = {
${lines(states.texts.map((text) => JSON.stringify(text)))}
};

/* The paths one after another: step, state before, the specification's answer, is the edge taken for the first time? */
static const struct qs_move QS_MOVES[] = {
${lines(moves)}
};

/* For which kernel, its first move, how many. */
static const struct qs_path QS_PATHS[] = {
${lines(paths)}
};

/* The claim, the bits of QUERY's mask that it has in play, its first path, how many. */
static const struct qs_suite QS_SUITES[] = {
${lines(rows)}
};

#endif
`;
}

function stepRow(text: string): string {
  const { by, step, command, flags, cpu } = parseStep(text);
  if (!/^[a-z]+$/.test(step) || !/^[a-z]+$/.test(cpu))
    throw new BadInputError(`"${text}" is not a step that a program can take`);
  return `{ ${by}, QS_${step.toUpperCase()}, ${command}, ${flags}, QS_CPU_${cpu.toUpperCase()} }`;
}

/** Texts, numbered in the order in which they were first asked for. */
class Table {
  readonly texts: string[] = [];
  readonly #index = new Map<string, number>();

  index(text: string): number {
    const known = this.#index.get(text);
    if (known !== undefined) return known;
    this.#index.set(text, this.texts.length);
    return this.texts.push(text) - 1;
  }
}

/** Items between commas, in lines that are as full as they may be. */
function lines(items: readonly string[]): string {
  const out: string[] = [];
  let line = "";
  for (const item of items) {
    if (line !== "" && 8 + line.length + item.length + 2 > WIDTH) {
      out.push(`\t${line}`);
      line = "";
    }
    line += line === "" ? `${item},` : ` ${item},`;
  }
  if (line !== "") out.push(`\t${line}`);
  return out.join("\n");
}

import {
  cut,
  type Sequence,
  type SequenceMessage,
  type SequenceNote,
  type SequenceStep,
} from "./sequence.js";
import { wrap } from "./thread-table.js";

const ARROWS = { to: "->>", back: "-->>", sent: "-)" } as const;
/** Columns of a message or a note; the longer the lines, the wider the diagram. */
const WIDTH = 44;
/** A faint red that can be read on white and on black. */
const MARK = "rect rgba(220, 50, 47, 0.18)";

/**
 * The text of a Mermaid sequence diagram. Where the promise breaks, the last step and the promise's name are in a
 * coloured box; whatever repeats for ever is in a loop.
 */
export function drawSequence(whole: Sequence): string {
  const { participants, start, steps, repeatsFrom, after, broken } = cut(whole);
  const last = participants.length - 1;
  const note = ({ over, lines }: SequenceNote): string => {
    const place = over === undefined ? (last === 0 ? "p0" : `p0,p${last}`) : `p${over}`;
    return `Note over ${place}: ${textOf(lines, over === undefined ? WIDTH * 2 : WIDTH)}`;
  };
  const message = ({ from, to, arrow, lines }: SequenceMessage): string =>
    `p${from}${ARROWS[arrow]}p${to}: ${textOf(lines, WIDTH)}`;
  const draw = (step: SequenceStep): string[] =>
    step.map((line) => ("from" in line ? message(line) : note(line)));
  const verdict = note({ lines: [`✗ ${broken}`] });

  // In a run that loops, the whole run breaks the promise, not its last step.
  const straight = repeatsFrom === undefined ? steps : steps.slice(0, repeatsFrom);
  const marked = repeatsFrom === undefined && after.length === 0 ? straight.slice(-1) : [];
  const body = [
    ...(start === undefined ? [] : [note({ lines: [start] })]),
    ...straight.slice(0, straight.length - marked.length).flatMap(draw),
    ...(repeatsFrom === undefined
      ? []
      : ["loop for ever", ...indent(steps.slice(repeatsFrom).flatMap(draw)), "end"]),
    MARK,
    ...indent([...marked.flatMap(draw), ...after.map(note), verdict]),
    "end",
  ];
  const cast = participants.map((title, i) => `participant p${i} as ${escapeText(title)}`);
  return ["sequenceDiagram", ...indent([...cast, ...body])].join("\n");
}

function indent(lines: readonly string[]): string[] {
  return lines.map((line) => `    ${line}`);
}

function textOf(lines: readonly string[], width: number): string {
  return lines
    .flatMap((line) => wrap(line, width, ""))
    .map(escapeText)
    .join("<br/>");
}

/**
 * A text that Mermaid shows as it is. Each arrow becomes one character, which is also easier to read in the source; a
 * character with a meaning to Mermaid or to the browser becomes a character code.
 */
export function escapeText(text: string): string {
  return text
    .replace(/[\s\p{Cc}]+/gu, " ")
    .trim()
    .replaceAll("<<", "⟨")
    .replaceAll(">>", "⟩")
    .replaceAll("<-", "←")
    .replaceAll("->", "→")
    .replace(/[#;<>%&$`\\{}]/g, (sign) => (sign === "{" || sign === "}" ? sign : `#${sign.charCodeAt(0)};`))
    .replace(/^(no)?wrap:/i, (word) => word.replace(":", "#58;"))
    .replace(/^$/, "#160;");
}

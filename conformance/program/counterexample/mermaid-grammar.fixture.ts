/**
 * A small checker for the sequence diagrams that we write: every line has one of Mermaid's forms, blocks are closed,
 * participants are declared before they act, and no text has a character with a meaning in Mermaid or HTML.
 */
const TEXT = String.raw`(?:[^#;<>%&$\x60\\\n]|#\d+;|<br/>)*`;
const PARTICIPANT = new RegExp(`^participant (p\\d+) as (${TEXT})$`);
const MESSAGE = new RegExp(`^(p\\d+)(?:->>|-->>|-\\))(p\\d+): (?!(?:no)?wrap:)${TEXT}$`);
const NOTE = new RegExp(`^Note over (p\\d+)(?:,(p\\d+))?: (?!(?:no)?wrap:)${TEXT}$`);
const BLOCK = /^(?:loop [\w ]+|rect rgba\(\d+, \d+, \d+, 0\.\d+\))$/;

/** What is wrong with a diagram, line by line; nothing for a good one. */
export function grammarProblems(diagram: string): string[] {
  const [head, ...lines] = diagram.split("\n");
  const problems = head === "sequenceDiagram" ? [] : [`it begins with ${head}`];
  const known = new Set<string>();
  const open: string[] = [];
  for (const [i, line] of lines.entries()) {
    const text = line.trim();
    const say = (what: string): unknown => problems.push(`line ${i + 2}, ${what}: ${line}`);
    const participant = PARTICIPANT.exec(text);
    const acting = MESSAGE.exec(text) ?? NOTE.exec(text);
    if (participant?.[1] !== undefined) known.add(participant[1]);
    else if (acting !== null) {
      for (const name of acting.slice(1))
        if (name !== undefined && !known.has(name)) say(`${name} is not declared`);
    } else if (BLOCK.test(text)) open.push(text);
    else if (text === "end") {
      if (open.pop() === undefined) say("nothing is open");
    } else say("not a form that we know");
    if (/<(?!br\/>)/.test(text)) say("an HTML character");
  }
  return [...problems, ...open.map((block) => `${block} is not closed`)];
}

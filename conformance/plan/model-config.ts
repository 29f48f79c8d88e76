import { tokensOf, withoutComments } from "../../spec/tlc/claim/config-tokens.js";

const KEYWORD =
  /^(?:CONSTANTS?|INVARIANTS?|PROPERT(?:Y|IES)|(?:ACTION_)?CONSTRAINTS?|SPECIFICATION|INIT|NEXT|SYMMETRY|VIEW|ALIAS|POSTCONDITION|CHECK_DEADLOCK|TYPE|TYPE_CONSTRAINT)$/;

/** A configuration with some of its sections alone, by a test of their keywords. */
function sections(config: string, wanted: RegExp): string {
  const text = withoutComments(config);
  const starts = tokensOf(text).filter((token) => KEYWORD.test(token.text));
  return starts
    .map((token, i) => ({
      keyword: token.text,
      text: text.slice(token.start, starts[i + 1]?.start ?? text.length),
    }))
    .filter(({ keyword }) => wanted.test(keyword))
    .map((section) => section.text.trimEnd())
    .join("\n");
}

/** The constants of a configuration. */
export function constantsOnly(config: string): string {
  return sections(config, /^CONSTANTS?$/);
}

/**
 * What a state graph depends on: constants, constraints and the view. Not what is checked: a graph can be had of a model
 * whose invariant is violated, too. And not symmetry, under which an edge would lead to another thread's state.
 */
export function graphOnly(config: string): string {
  return `${sections(config, /^(?:CONSTANTS?|(?:ACTION_)?CONSTRAINTS?|VIEW|TYPE|TYPE_CONSTRAINT)$/)}\nCHECK_DEADLOCK FALSE\n`;
}

/** The same, with the behaviours that the configuration itself asks for. */
export function graphOf(config: string): string {
  return `${sections(config, /^(?:SPECIFICATION|INIT|NEXT)$/)}\n${graphOnly(config)}`;
}

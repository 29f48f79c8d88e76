import type { SourceLocation } from "./location.js";
import { type TlcMessage, UNFRAMED } from "./messages.js";

/** A property that is an implication or a leads-to, and whether its left side is true in any state that was found. */
export interface PropertyUse {
  readonly name: string;
  readonly location: SourceLocation;
  readonly enabled: boolean;
}

/** What TLC prints for each property that is examined (see enabled.ts). */
export const ASKED = "quiesce looks at";
/** What it prints for one whose left side is true in some state. */
export const ENABLED = "quiesce has seen";

const SAID = new RegExp(`^"(?:(${ASKED}) (\\w+) in (\\w+) line (\\d+)|(${ENABLED}) (\\w+))"$`);

/** Did the module of enabledModule print this, rather than the model itself? */
export function isAboutEnabled({ code, text }: TlcMessage): boolean {
  return code === UNFRAMED && SAID.test(text);
}

/** The properties that a run examined; undefined when it examined none. */
export function readEnabled(messages: readonly TlcMessage[]): PropertyUse[] | undefined {
  const said = messages.filter(isAboutEnabled).map(({ text }) => SAID.exec(text) as RegExpExecArray);
  const enabled = new Set(said.flatMap((one) => one[6] ?? []));
  const uses = said.flatMap(([, looked, name = "", module = "", line]) =>
    looked === undefined
      ? []
      : [{ name, location: { module, line: Number(line), column: 1 }, enabled: enabled.has(name) }],
  );
  return uses.length === 0 ? undefined : uses;
}

import { type EndedEarly, endedText } from "../../base/interrupted.js";

/** For a person: that a run ended before all was decided, and what ended it; no line for one that went through. */
export function endedLine(endedEarly: EndedEarly | undefined): string[] {
  if (endedEarly === undefined) return [];
  return [`${endedText(endedEarly)}: this is what was known by then.`];
}

/** The same in the documented form (schema/validate.schema.json). */
export function endedJson(endedEarly: EndedEarly | undefined): object {
  return {
    interrupted: endedEarly !== undefined,
    ...(endedEarly !== undefined && { endedBy: endedEarly }),
  };
}

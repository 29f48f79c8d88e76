import { visible } from "../../spec/tlc/base/visible.js";

/** What a stream may carry besides plain text. */
export interface GuardRules {
  /** Colours of ours. */
  readonly colours: boolean;
  /** The live lines of a terminal, which move its cursor. */
  readonly live: boolean;
  /** It is JSON: what is changed must mean the same. */
  readonly json: boolean;
  /** GitHub reads the log of a step for commands. */
  readonly github: boolean;
}

const ESCAPE = "\u001b";
const COLOUR = new RegExp(`${ESCAPE}\\[[\\d;]*m`, "g");
const LIVE = new RegExp(`${ESCAPE}(?:\\[(?:\\?\\d+[hl]|[\\d;]*[A-HJKmsu])|[78])`, "g");
/** GitHub takes a line that begins with `::`, spaces aside, for a command; and, the older form, `##[` anywhere in it. */
const COMMAND = /(^|\n)(\s*)::/g;
const OLD_COMMAND = /##\[/g;

/**
 * What may be written of a text. It can hold anything that a specification, a file's name or another program says, and must
 * not reach further than a reader's eye: no control sequence for the terminal, no command for the service that runs us.
 */
export function guarded(text: string, { colours, live, json, github }: GuardRules): string {
  const allowed = live ? LIVE : colours ? COLOUR : undefined;
  const safe = allowed === undefined ? visible(text) : outside(text, allowed);
  // A lone carriage return would let the rest of a line hide its beginning.
  const shown = live ? safe : safe.replace(/\r(?!\n)/g, "\\u000d");
  if (!github) return shown;
  return json
    ? shown.replace(OLD_COMMAND, "##\\u005b")
    : shown.replace(COMMAND, "$1$2: :").replace(OLD_COMMAND, "## [");
}

/** Makes all visible but what is allowed. */
function outside(text: string, allowed: RegExp): string {
  let shown = "";
  let from = 0;
  for (const match of text.matchAll(allowed)) {
    shown += visible(text.slice(from, match.index)) + match[0];
    from = match.index + match[0].length;
  }
  return shown + visible(text.slice(from));
}

/** From now on, all that this process writes as text is guarded. */
export function guardOutput(
  rules: { readonly json: boolean; readonly colours: boolean; readonly errorColours: boolean },
  env: Readonly<Record<string, string | undefined>> = process.env,
): void {
  const github = env["GITHUB_ACTIONS"] === "true";
  guard(process.stdout, { colours: rules.colours, live: false, json: rules.json, github });
  guard(process.stderr, { colours: rules.errorColours, live: process.stderr.isTTY, json: false, github });
}

/** How streams that are guarded wrote before. */
const unguarded = new WeakMap<NodeJS.WriteStream, (text: unknown, ...rest: unknown[]) => boolean>();

/**
 * Writes a text as it is: it is a command of ours to the service that runs us. Whoever calls this has escaped all in it
 * that comes from elsewhere.
 */
export function writeUnguarded(stream: NodeJS.WriteStream, text: string): void {
  const write = unguarded.get(stream) ?? stream.write.bind(stream);
  if (text !== "") write(text);
}

function guard(stream: NodeJS.WriteStream, rules: GuardRules): void {
  const write = stream.write.bind(stream) as (chunk: unknown, ...rest: unknown[]) => boolean;
  unguarded.set(stream, write);
  stream.write = ((chunk: unknown, ...rest: unknown[]) =>
    write(typeof chunk === "string" ? guarded(chunk, rules) : chunk, ...rest)) as typeof stream.write;
}

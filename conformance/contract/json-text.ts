/** A name that an object in a JSON text has twice: JSON.parse would take the last, and say nothing. */
export interface TwiceNamed {
  readonly name: string;
  /** From 1. */
  readonly line: number;
}

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|\n/g;

/** The first name that stands twice in one object of a JSON text that JSON.parse takes; undefined when there is none. */
export function twiceNamed(text: string): TwiceNamed | undefined {
  const open: (Set<string> | undefined)[] = [];
  let line = 1;
  let last = "";
  for (const [token] of text.matchAll(TOKEN)) {
    const names = open.at(-1);
    switch (token) {
      case "\n":
        line++;
        continue;
      case "{":
        open.push(new Set());
        break;
      case "[":
        open.push(undefined);
        break;
      case "}":
      case "]":
        open.pop();
        break;
      case ":": {
        const name = JSON.parse(last) as string;
        if (names?.has(name)) return { name, line };
        names?.add(name);
        break;
      }
      default:
        last = token;
    }
  }
  return undefined;
}

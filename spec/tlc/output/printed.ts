/**
 * Joins the lines that a specification printed into values: a value continues on the next line as long as a bracket or
 * a string is open. Anything unbalanced at the end is delivered line by line.
 */
export function joinPrinted(lines: readonly string[]): string[] {
  const values: string[] = [];
  let open: string[] = [];
  let depth = 0;
  for (const line of lines) {
    if (open.length === 0 && line.trim() === "") continue;
    open.push(line);
    depth += balance(line);
    if (depth > 0) continue;
    values.push(open.join("\n"));
    open = [];
    depth = 0;
  }
  return [...values, ...open];
}

/** Opened minus closed brackets, those in strings left out. */
function balance(line: string): number {
  let depth = 0;
  for (const [token] of line.matchAll(/"(?:[^"\\]|\\.)*"|[[\](){}]|<<|>>/g)) {
    if (["[", "(", "{", "<<"].includes(token)) depth++;
    else if (!token.startsWith('"')) depth--;
  }
  return depth;
}

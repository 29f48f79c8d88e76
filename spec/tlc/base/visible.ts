/** What a terminal or a viewer obeys instead of showing it: control characters, and what turns the direction of a text. */
const OBEYED = /(?![\t\n\r])[\p{Cc}\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/** Shows what would otherwise be obeyed, as JSON and many languages write it: `\u001b`. Tabs and ends of lines stay. */
export function visible(text: string): string {
  return text.replace(OBEYED, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

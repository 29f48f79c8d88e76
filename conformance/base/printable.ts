/** Any of these would move a terminal's cursor, or change its colours; a tab and the end of a line would not. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const CONTROLS = /[\0-\x08\x0b-\x1f\x7f-\x9f]/g;

/** A text that somebody else wrote, without what a terminal would not show as text. */
export function printable(text: string): string {
  return text.replace(/\r\n/g, "\n").replace(CONTROLS, "\ufffd");
}

/** The beginning of a text that somebody else wrote, for a person. */
export function briefly(text: string, most = 200): string {
  return printable(text.length > most ? `${text.slice(0, most)}...` : text);
}

/** Whether a name has nothing but what can be shown in a line. */
export function isPrintable(name: string): boolean {
  return !/[\t\n]/.test(name) && printable(name) === name;
}

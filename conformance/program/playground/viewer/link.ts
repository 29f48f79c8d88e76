/** What the page's address carries: the test itself, and the letter that is left out. */
export interface Shared {
  readonly text: string;
  readonly letter: string;
}

/** The address for a test: UTF-8 in base64url, which survives mails and chats. */
export function linkTo({ text, letter }: Shared): string {
  const bytes = new TextEncoder().encode(text);
  const base64 = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  const safe = base64.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  return `#test=${safe}${letter === "" ? "" : `&without=${encodeURIComponent(letter)}`}`;
}

/** What an address carries; undefined where that is nothing, or no test. */
export function readLink(hash: string): Shared | undefined {
  const values = new URLSearchParams(hash.replace(/^#/, ""));
  const test = values.get("test");
  if (test === null) return undefined;
  try {
    const binary = atob(test.replaceAll("-", "+").replaceAll("_", "/"));
    const text = new TextDecoder("utf-8", { fatal: true }).decode(
      Uint8Array.from(binary, (c) => c.charCodeAt(0)),
    );
    return { text, letter: values.get("without") ?? "" };
  } catch {
    return undefined;
  }
}

/** Is there meant to be a test in an address, and none can be read? */
export function isBroken(hash: string): boolean {
  return new URLSearchParams(hash.replace(/^#/, "")).has("test") && readLink(hash) === undefined;
}

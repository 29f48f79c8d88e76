/** Bytes that stand one a character, as C programs hand them over, as the text in UTF-8 that they are. */
export function utf8(bytes: string): string {
  return Buffer.from(bytes, "latin1").toString("utf8");
}

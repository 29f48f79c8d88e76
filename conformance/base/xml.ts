import { visible } from "../../spec/tlc/base/visible.js";

/** Text for an element or an attribute of XML, SVG for one. XML has no control characters, not even escaped. */
export function escapeXml(text: string): string {
  return visible(text)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { buildSync } from "esbuild";
import { EnvironmentError, messageOf } from "../../../spec/tlc/base/errors.js";

export interface PageParts {
  readonly title: string;
  /** What runs in it. */
  readonly script: string;
  /** Files of CSS. */
  readonly styles: readonly string[];
  /** What the script reads, as JSON, from the element `data`. */
  readonly data: unknown;
  /** What runs beside it, which the script reads from the element `worker`. */
  readonly worker?: string;
}

/**
 * One page that loads nothing. Its script and style are named by their hashes in its policy, and its data can't end its
 * element: nothing that the data holds can run.
 */
export function page({ title, script, styles, data, worker }: PageParts): string {
  const style = styles.map((file) => readFileSync(file, "utf8")).join("");
  const policy = [
    "default-src 'none'",
    `style-src '${hash(style)}'`,
    `script-src '${hash(script)}'${worker === undefined ? "" : " blob:"}`,
    ...(worker === undefined ? [] : ["worker-src blob:"]),
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return [
    "<!doctype html>",
    '<html lang="en">',
    "<head>",
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    `<title>${title}</title>`,
    `<style>${style}</style>`,
    "</head>",
    "<body>",
    '<main id="page"><noscript>This page needs JavaScript; it loads nothing from elsewhere.</noscript></main>',
    `<script type="application/json" id="data">${JSON.stringify(data).replaceAll("<", "\\u003c")}</script>`,
    ...(worker === undefined ? [] : [`<script type="text/plain" id="worker">${worker}</script>`]),
    `<script type="module">${script}</script>`,
    "</body>",
    "</html>",
    "",
  ].join("\n");
}

function hash(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}

/**
 * A file of the browser's and all that it imports as one script.
 *
 * @throws EnvironmentError when esbuild fails
 */
export function bundle(entry: string): string {
  try {
    const { outputFiles } = buildSync({
      entryPoints: [entry],
      bundle: true,
      format: "esm",
      platform: "browser",
      minify: true,
      write: false,
      charset: "utf8",
      logLevel: "silent",
    });
    // Within a script element, these words would end it.
    return (outputFiles[0]?.text ?? "").replaceAll("</script", "<\\/script").replaceAll("<!--", "<\\!--");
  } catch (error) {
    throw new EnvironmentError(`the page's script can't be bundled: ${messageOf(error)}`, { where: entry });
  }
}

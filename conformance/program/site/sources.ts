import { readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { createHighlighter, type LanguageInput } from "shiki";
import { escapeXml } from "../../base/xml.js";
import { CODE_THEMES, ICON } from "./look.js";
import { TLA_GRAMMAR } from "./tla-grammar.js";

const LANGUAGES: Readonly<Record<string, string>> = {
  ".tla": "tla",
  ".cfg": "tla",
  ".c": "c",
  ".h": "c",
  ".hpp": "cpp",
  ".ts": "ts",
  ".mjs": "js",
  ".json": "json",
  ".yml": "yaml",
  ".py": "python",
};

/** More than this is shown without colours: nobody reads it for them. */
const MOST_COLOURED = 200_000;

/** Pages that show sources, one at a time: plain HTML, since they have nothing that VitePress would be needed for. */
export async function sourceRenderer(
  root: string,
  base: string,
): Promise<{ readonly render: (path: string) => string; readonly done: () => void }> {
  const named = [...new Set(Object.values(LANGUAGES))].filter((name) => name !== "tla");
  const highlighter = await createHighlighter({
    themes: Object.values(CODE_THEMES),
    langs: [...named, TLA_GRAMMAR as LanguageInput],
  });
  return {
    render(path) {
      const text = readFileSync(join(root, path), "utf8");
      const lang = text.length > MOST_COLOURED ? "text" : (LANGUAGES[extname(path)] ?? "text");
      let line = 0;
      const code = highlighter.codeToHtml(text.trimEnd(), {
        lang,
        themes: CODE_THEMES,
        defaultColor: false,
        transformers: [
          {
            line(node) {
              line += 1;
              node.properties["id"] = `L${line}`;
            },
            pre(node) {
              node.properties["tabindex"] = "0";
            },
          },
        ],
      });
      return page(path, code, base);
    },
    done: () => highlighter.dispose(),
  };
}

function page(path: string, code: string, base: string): string {
  const title = escapeXml(path);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} | Quiesce</title>
<link rel="icon" type="image/svg+xml" href="${base}${ICON.address}">
<link rel="stylesheet" href="${base}source.css">
<script>${THEME}</script>
</head>
<body>
<header><a href="${base}index.html">Quiesce</a> <a href="${base}chapter.html">Chapter</a> <a href="${base}claims/index.html">Claims</a></header>
<main>
<h1>${title}</h1>
${code}
</main>
</body>
</html>
`;
}

/** The reader's choice of dark or light on the other pages counts here, too. */
const THEME =
  'const c=localStorage.getItem("vitepress-theme-appearance")||"auto";' +
  'if(c==="dark"||(c!=="light"&&matchMedia("(prefers-color-scheme: dark)").matches))' +
  'document.documentElement.classList.add("dark");';

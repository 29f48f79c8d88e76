import { exportedNames, type Header, type Item, publicHeaders } from "./headers.js";

const BY = "Generated from native/include/quiesce by `npm run generate`. Do not edit.";
const VERSION = "1.0";

export interface ReferenceFile {
  /** From the repository's root. */
  readonly path: string;
  readonly text: string;
}

export const MAN_FOLDER = "native/generated/man/man3";

/** The linker's script, the reference, and a manual page for each function: all that is made from the headers. */
export function referenceFiles(headers?: readonly Header[]): ReferenceFile[] {
  const shown = publicHeaders(headers);
  return [
    { path: "native/src/generated/quiesce.map", text: renderMap(exportedNames(headers)) },
    { path: "native/generated/REFERENCE.md", text: renderReference(shown) },
    ...manPages(shown),
  ];
}

/** Nothing but these is exported, and each symbol has a version. */
export function renderMap(names: readonly string[]): string {
  return `/* ${BY} */\nQUIESCE_${VERSION} {\nglobal:\n${names.map((name) => `\t${name};\n`).join("")}local:\n\t*;\n};\n`;
}

const isCalled = ({ kind }: Item): boolean => kind !== "type" && kind !== "object";

/** Items that share a comment, in the order of the header. */
export function groups(header: Header): (readonly [Item, ...Item[]])[] {
  const found: [Item, ...Item[]][] = [];
  for (const item of header.items) {
    const last = found.at(-1);
    if (last?.[0].kind !== "type" && item.kind !== "type" && last?.[0].comment === item.comment)
      last.push(item);
    else found.push([item]);
  }
  return found;
}

/** May a signal handler call it? Only where its comment says so, or that of the function that it is like. */
export function isSignalSafe(item: Item, headers: readonly Header[], depth = 0): boolean {
  const text = item.comment.join(" ");
  if (/\basync-signal-safe\b/i.test(text)) return !/\bnot async-signal-safe\b/i.test(text);
  const like = /\bAs (qs_\w+)\(\)/.exec(text)?.[1];
  const other = headers.flatMap(({ items }) => items).find(({ name }) => name === like);
  return other !== undefined && depth < 3 && isSignalSafe(other, headers, depth + 1);
}

const signals = (item: Item, headers: readonly Header[]): string =>
  isSignalSafe(item, headers) ? "A signal handler may call it." : "Not for signal handlers.";

export function renderReference(headers: readonly Header[]): string {
  const names = headers.map(({ name, items }) => {
    const functions = items
      .filter(({ kind }) => kind !== "type")
      .map((item) => `[\`${item.name}\`](#${item.name})`);
    return `| [\`quiesce/${name}\`](#quiesce${name.replace(/\W/g, "")}) | ${functions.join(", ")} |\n`;
  });
  return `<!-- ${BY} -->
# Reference

Each function of the library, from the comments of the headers. \`man 3 qs_synchronize\` shows the same once it is
installed. C++ programmers include [\`quiesce/quiesce.hpp\`](../include/quiesce/quiesce.hpp).

| header | functions |
|---|---|
${names.join("")}
${headers.map((header) => renderHeader(header, headers)).join("\n")}`;
}

function renderHeader(header: Header, headers: readonly Header[]): string {
  const items = groups(header).map((group) => {
    const [first] = group;
    const anchors = group.map(({ name }) => `<a id="${name}"></a>`).join("");
    const note = !isCalled(first) ? "" : `\n${signals(first, headers)}\n`;
    return `### ${anchors}${group.map(({ name }) => name).join(", ")}

\`\`\`c
${group.map(({ text }) => text).join("\n")}
\`\`\`

${first.comment.map(markdown).join("\n\n")}
${note}`;
  });
  return `## quiesce/${header.name}

${header.intro.map(markdown).join("\n\n")}

${items.join("\n")}`;
}

/** A paragraph of a comment as Markdown: code where it is indented, and nothing that would be taken for markup. */
function markdown(paragraph: string): string {
  if (/^\s{2,}/m.test(paragraph)) return `\`\`\`\n${paragraph}\n\`\`\``;
  return paragraph
    .split("\n")
    .map((line) => line.replace(/([\\*<[\]])/g, "\\$1").replace(/\b((?:qs|QS)_\w+(?:\(\))?)/g, "`$1`"))
    .join("\n");
}

/** One page a group, and for the others of it a page that leads there. */
function manPages(headers: readonly Header[]): ReferenceFile[] {
  return headers.flatMap((header) =>
    groups(header)
      .filter(([first]) => isCalled(first))
      .flatMap((group) => {
        const [first, ...others] = group;
        const page = { path: `${MAN_FOLDER}/${first.name}.3`, text: manPage(group, header, headers) };
        const leading = others
          .filter(({ name }) => name !== first.name)
          .map(({ name }) => ({ path: `${MAN_FOLDER}/${name}.3`, text: `.so man3/${first.name}.3\n` }));
        return [page, ...leading];
      }),
  );
}

function manPage(group: readonly [Item, ...Item[]], header: Header, headers: readonly Header[]): string {
  const [first] = group;
  const summary = /^[\s\S]*?[.:](?=\s|$)/.exec(first.comment[0] ?? "")?.[0] ?? "";
  const names = group.map(({ name }) => name);
  return `.\\" ${BY}
.TH ${first.name.toUpperCase()} 3 "" "quiesce ${VERSION}" "quiesce"
.SH NAME
${names.join(", ")} \\- ${roff(summary.replace(/\s+/g, " ").replace(/[.:]$/, ""))}
.SH SYNOPSIS
.nf
.B #include <quiesce/${header.name}>
.PP
${group.map(({ text }) => `.B ${roff(text)}`).join("\n")}
.fi
.SH DESCRIPTION
${first.comment.map(manParagraph).join("\n.PP\n")}
.SH SIGNALS
${signals(first, headers)}
.SH NOTES
${header.intro.map(manParagraph).join("\n.PP\n")}
`;
}

const manParagraph = (text: string): string =>
  /^\s{2,}/m.test(text) ? `.nf\n${roff(text)}\n.fi` : roff(text);

/** Text that roff takes for text. */
function roff(text: string): string {
  return text
    .replace(/\\/g, "\\e")
    .replace(/-/g, "\\-")
    .replace(/^([.'])/gm, "\\&$1");
}

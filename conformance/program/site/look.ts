/** Colours of code that can be read on our grounds, in light and in dark. */
export const CODE_THEMES = {
  light: "github-light-high-contrast",
  dark: "github-dark-high-contrast",
} as const;

/** The letter that tabs show. */
export const ICON = {
  address: "icon.svg",
  text: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="6" fill="#3451b2"/><text x="16" y="23" font-family="sans-serif" font-size="20" text-anchor="middle" fill="#fff">Q</text></svg>\n',
};

/** The look of the pages that show sources. */
export const SOURCE_CSS = `:root { color-scheme: light; --text: #3c3c43; --ground: #ffffff; --soft: #f6f6f7; --link: #3451b2; }
:root.dark { color-scheme: dark; --text: #dfdfd6; --ground: #1b1b1f; --soft: #161618; --link: #a8b1ff; }
body { margin: 0; color: var(--text); background: var(--ground); font: 16px/1.5 system-ui, sans-serif; }
header { padding: 1rem 1.5rem; background: var(--soft); display: flex; gap: 1.5rem; }
header a { color: var(--link); }
main { padding: 0 1.5rem 3rem; }
h1 { font-size: 1.1rem; overflow-wrap: anywhere; }
pre { overflow-x: auto; padding: 1rem 0; background: var(--soft) !important; border-radius: 8px; font: 13px/1.6 ui-monospace, monospace; }
.shiki, .shiki span { color: var(--shiki-light); }
.dark .shiki, .dark .shiki span { color: var(--shiki-dark); }
code { counter-reset: line; }
.line { counter-increment: line; scroll-margin-top: 2rem; }
.line::before { content: counter(line); display: inline-block; width: 3.5em; margin-right: 1.2em; text-align: right; opacity: 0.6; user-select: none; }
@media print {
  :root, :root.dark { color-scheme: light; --text: #000000; --ground: #ffffff; --soft: #ffffff; --link: #000000; }
  .dark .shiki, .dark .shiki span { color: var(--shiki-light); }
  header { display: none; }
  pre { white-space: pre-wrap; }
}
.line:target { background: color-mix(in srgb, var(--link) 20%, transparent); }
`;

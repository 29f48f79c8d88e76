import { make } from "./elements.js";
import type { Table, TableCell } from "./views.js";

/** A view of many findings at once; cells lead to them. */
export function tableView(
  { title, sentence, corner, columns, rows }: Table,
  knows: (id: string) => boolean,
  addressOf: (id: string) => string,
): HTMLElement {
  const cell = (one: TableCell | null | undefined): HTMLTableCellElement => {
    if (one === null || one === undefined) return make("td", { class: "cell" });
    const { text, tone, id } = one;
    return make(
      "td",
      { class: tone === undefined ? "cell" : `cell ${tone}` },
      id !== undefined && knows(id) ? make("a", { href: addressOf(id) }, text) : text,
    );
  };
  return make(
    "div",
    { class: "view" },
    make("h2", {}, title),
    make("p", {}, sentence),
    make(
      "div",
      { class: "scroll", tabindex: 0, role: "region", "aria-label": title },
      make(
        "table",
        {},
        make(
          "thead",
          {},
          make("tr", {}, ...[corner, ...columns].map((name) => make("th", { scope: "col" }, name))),
        ),
        make(
          "tbody",
          {},
          ...rows.map(({ name, sentence: what, cells }) =>
            make(
              "tr",
              {},
              make(
                "th",
                { scope: "row", class: "name" },
                name,
                what === undefined ? undefined : make("small", {}, ` ${what}`),
              ),
              ...columns.map((_, i) => cell(cells[i])),
            ),
          ),
        ),
      ),
    ),
  );
}

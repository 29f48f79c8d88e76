import { defineComponent, h, onMounted, ref } from "vue";

const VERDICTS = ["holds", "violated", "allowed", "forbidden"];

/** Hides the rows of the index of claims that don't have all the words, or the verdict, that are asked for. */
export const ClaimFilter = defineComponent({
  setup() {
    const words = ref("");
    const verdict = ref("");
    const shown = ref<number>();
    const rows = (): HTMLTableRowElement[] => {
      const own = [...document.querySelectorAll<HTMLTableRowElement>(".vp-doc h2 ~ table tbody tr")];
      return own.filter(({ cells }) => cells.length === 3);
    };

    function apply(): void {
      const wanted = words.value.toLowerCase().split(/\s+/);
      let n = 0;
      for (const row of rows()) {
        const text = row.textContent.toLowerCase();
        const verdicts = row.cells[1]?.textContent ?? "";
        row.hidden = !wanted.every((word) => text.includes(word)) || !verdicts.includes(verdict.value);
        if (!row.hidden) n += 1;
      }
      for (const table of document.querySelectorAll<HTMLTableElement>(".vp-doc h2 ~ table")) {
        const empty = table.querySelector("tbody tr:not([hidden])") === null;
        table.hidden = empty;
        const heading = headingBefore(table);
        if (heading !== undefined) heading.hidden = empty;
      }
      shown.value = n;
    }

    onMounted(() => {
      shown.value = rows().length;
    });

    return () =>
      h(
        "form",
        { class: "claim-filter", role: "search", onSubmit: (event: Event) => event.preventDefault() },
        [
          h("label", [
            "Words ",
            h("input", {
              type: "search",
              value: words.value,
              onInput: (event: Event) => {
                words.value = (event.target as HTMLInputElement).value;
                apply();
              },
            }),
          ]),
          h("label", [
            "Verdict ",
            h(
              "select",
              {
                onChange: (event: Event) => {
                  verdict.value = (event.target as HTMLSelectElement).value;
                  apply();
                },
              },
              [
                h("option", { value: "" }, "any"),
                ...VERDICTS.map((name) => h("option", { value: name }, name)),
              ],
            ),
          ]),
          h("output", { "aria-live": "polite" }, shown.value === undefined ? "" : `${shown.value} pages`),
        ],
      );
  },
});

function headingBefore(table: HTMLElement): HTMLElement | undefined {
  let at = table.previousElementSibling;
  while (at !== null && at.tagName !== "H2") at = at.previousElementSibling;
  return at instanceof HTMLElement ? at : undefined;
}

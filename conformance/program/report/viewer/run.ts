import type { PagePart, PageRun } from "./data.js";
import { button, center, fill, make } from "./elements.js";
import type { Keyed } from "./keyed.js";

/** A run that is stepped through. */
export interface RunView extends Keyed {
  readonly go: (step: number) => void;
}

/** The swim lanes of a run, a row a step, and beside them the variables as they are after the step that is chosen. */
export function runView(
  run: PageRun,
  label: string,
  first: number,
  onStep: (step: number) => void,
  onExplore?: (step: number) => void,
): RunView {
  const { participants, steps, start, after, broken, repeatsFrom } = run.sequence;
  const last = steps.length;
  let current = Math.min(first, last);
  let chosen: string | undefined;
  const hidden = new Set<string>();

  const rows = [
    row(0, participants, [{ lines: [start ?? "at the start"] }]),
    ...steps.map((parts, i) =>
      row(i + 1, participants, parts, repeatsFrom === i ? "the run goes round from here" : undefined),
    ),
  ];
  for (const [i, one] of rows.entries())
    one.addEventListener("click", () => {
      go(i);
    });
  const body = make("tbody", {}, ...rows);
  const ending = make(
    "tfoot",
    {},
    ...after.map(({ lines }) =>
      make("tr", {}, make("td", { colspan: participants.length + 1 }, lines.join("\n"))),
    ),
    make("tr", { class: "broken" }, make("td", { colspan: participants.length + 1 }, `✗ ${broken}`)),
  );
  const table = make(
    "table",
    { class: "lanes" },
    make("caption", { class: "hidden" }, `The steps of ${label}, a column for each thread`),
    make(
      "thead",
      {},
      make(
        "tr",
        {},
        make("th", { scope: "col" }, "step"),
        ...participants.map((name) => make("th", { scope: "col" }, name)),
      ),
    ),
    body,
    ending,
  );
  const scroller = make(
    "div",
    { class: "scroll", tabindex: 0, role: "region", "aria-label": `Steps of ${label}` },
    table,
  );
  const said = make("p", { class: "said", role: "status", "aria-live": "polite" });
  const state = make("div", { class: "state" });
  const element = make(
    "section",
    { class: "run", "aria-label": `Counterexample of ${label}` },
    make(
      "div",
      { class: "buttons" },
      button("first", "First step (Home)", () => go(0)),
      button("back", "Step before (k or ←)", () => go(current - 1)),
      button("next", "Next step (j or →)", () => go(current + 1)),
      button("last", "Last step (End)", () => go(last)),
      ...(run.states.length > 0
        ? [
            button("change before", "Step before that changes the chosen variable (p)", () => change(-1)),
            button("next change", "Next step that changes the chosen variable (n)", () => change(1)),
          ]
        : []),
      onExplore && button("explore from here", "This state in the state graph (e)", () => onExplore(current)),
    ),
    said,
    make("div", { class: "side" }, scroller, state),
  );

  function go(step: number): void {
    rows[current]?.removeAttribute("aria-current");
    current = Math.max(0, Math.min(last, step));
    const now = rows[current];
    now?.setAttribute("aria-current", "step");
    now?.scrollIntoView({ block: "nearest" });
    said.textContent = `Step ${current} of ${last}${chosen === undefined ? "" : `; ${chosen} is chosen`}`;
    showState();
    onStep(current);
  }

  function change(direction: 1 | -1): void {
    if (chosen === undefined) {
      said.textContent = "Choose a variable first: click its name.";
      return;
    }
    for (let i = current + direction; i >= 0 && i <= last; i += direction)
      if (run.states[i]?.[chosen] !== undefined) {
        go(i);
        return;
      }
    said.textContent = `${chosen} does not change ${direction > 0 ? "after" : "before"} step ${current}.`;
  }

  function showState(): void {
    if (run.states.length === 0) return;
    const values = new Map<string, string>();
    for (const changed of run.states.slice(0, current + 1))
      for (const [name, value] of Object.entries(changed)) values.set(name, value);
    const now = run.states[current] ?? {};
    const shown = [...values].filter(([name]) => !hidden.has(name));
    fill(
      state,
      make(
        "table",
        { class: "values" },
        make("caption", {}, `after step ${current}`),
        make(
          "tbody",
          {},
          ...shown.map(([name, value]) => {
            const isNew = current > 0 && now[name] !== undefined;
            const choose = button(name, `Choose ${name}, for n and p`, () => {
              chosen = chosen === name ? undefined : name;
              go(current);
            });
            choose.setAttribute("aria-pressed", String(chosen === name));
            const hide = button("hide", `Hide ${name}`, () => {
              hidden.add(name);
              showState();
            });
            return make(
              "tr",
              { class: isNew ? "changed" : undefined },
              make("th", { scope: "row" }, choose),
              make(
                "td",
                {},
                make("code", {}, value),
                isNew ? make("span", { class: "hidden" }, " (changed)") : undefined,
              ),
              make("td", {}, hide),
            );
          }),
        ),
      ),
      hidden.size === 0
        ? undefined
        : button(`show ${hidden.size} hidden`, "Show all variables", () => {
            hidden.clear();
            showState();
          }),
    );
  }

  go(current);
  return {
    element,
    shown: () => center(scroller, rows[current]),
    keys: {
      j: () => go(current + 1),
      ArrowRight: () => go(current + 1),
      k: () => go(current - 1),
      ArrowLeft: () => go(current - 1),
      Home: () => go(0),
      End: () => go(last),
      n: () => change(1),
      p: () => change(-1),
      ...(onExplore && { e: () => onExplore(current) }),
    },
    go,
  };
}

function row(
  number: number,
  participants: readonly string[],
  parts: readonly PagePart[],
  mark?: string,
): HTMLTableRowElement {
  const cells = participants.map(() => [] as string[]);
  const everywhere: string[] = [];
  for (const part of parts) {
    if ("from" in part) {
      // What comes back was asked for by the one that it comes to.
      const [actor, peer] = part.arrow === "back" ? [part.to, part.from] : [part.from, part.to];
      cells[actor]?.push(part.lines.join("\n"));
      cells[peer]?.push(part.to > part.from ? "→" : "←");
    } else if (part.over === undefined) everywhere.push(part.lines.join("\n"));
    else cells[part.over]?.push(part.lines.join("\n"));
  }
  const isOne = everywhere.length > 0 && cells.every((lines) => lines.length === 0);
  return make(
    "tr",
    {},
    make(
      "th",
      { scope: "row" },
      String(number),
      mark === undefined ? undefined : make("small", {}, ` ↻ ${mark}`),
    ),
    ...(isOne
      ? [make("td", { colspan: participants.length, class: "all" }, everywhere.join("\n"))]
      : cells.map((lines) => make("td", {}, lines.join("\n")))),
  );
}

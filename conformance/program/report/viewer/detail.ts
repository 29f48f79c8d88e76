import { boxesView } from "./boxes.js";
import type { PageFinding } from "./data.js";
import { button, make } from "./elements.js";
import { type Explorer, explorer } from "./explore.js";
import type { Keyed } from "./keyed.js";
import { type Place, writePlace } from "./link.js";
import { type RunView, runView } from "./run.js";

/** A finding in full, and what keys act on in it; the first that has a key has it while nothing has the focus. */
export interface Detail {
  readonly element: HTMLElement;
  readonly keyed: readonly Keyed[];
  /** A part to be seen at once, though it is not the first. */
  readonly focused?: HTMLElement;
}

export interface DetailOptions {
  readonly place: Place;
  /** All that have a run to compare with. */
  readonly others: readonly PageFinding[];
  readonly beside: PageFinding | undefined;
  readonly open: (place: Place) => void;
  /** The address follows, without a new line of the browser's history. */
  readonly keep: (change: Partial<Place>) => void;
  readonly close: () => void;
}

export function detailOf(finding: PageFinding, options: DetailOptions): Detail {
  const { place, beside, keep } = options;
  const keyed: Keyed[] = [];
  const graph = finding.graph && exploring(finding, options);
  const path = finding.graph?.path ?? [];
  const onExplore = graph && path.length > 0 ? exploreStep(graph) : undefined;
  const run = runOf(finding, place.step, (step) => keep({ step }), onExplore);
  const other = beside && runOf(beside, place.besideStep, (besideStep) => keep({ besideStep }));
  const both = run && other ? together(finding, beside, run, other) : undefined;
  keyed.push(...(both?.keyed ?? [run, other].filter((one) => one !== undefined)));
  const recorded =
    finding.recorded && boxesView(finding.recorded, finding.id, place.box, (box) => keep({ box }));
  // A recording comes first: the run beside it only says how the specification got there.
  if (recorded) keyed.unshift(recorded);
  if (graph) keyed.push(graph);
  const element = make(
    "div",
    {},
    heading(finding, options),
    recorded?.element,
    both?.element,
    recorded && run ? make("h3", {}, "How the specification got there: its last steps") : undefined,
    make("div", { class: beside?.run ? "two" : "one" }, run?.element ?? textOf(finding), other?.element),
    graph?.element,
    finding.graph || finding.graphNote === undefined
      ? undefined
      : make("p", { class: "small" }, finding.graphNote),
    actionsOf(finding),
  );
  return { element, keyed, ...(graph && place.state !== undefined && { focused: graph.element }) };
}

function heading(finding: PageFinding, { place, others, open, close }: DetailOptions): HTMLElement {
  const line = (name: string, value: string | undefined) =>
    value === undefined ? [] : [make("dt", {}, name), make("dd", {}, value)];
  const select = make(
    "select",
    { "aria-label": "Compare with another counterexample" },
    make("option", { value: "" }, "compare with ..."),
    ...others.map(({ id }) => make("option", { value: id, selected: id === place.beside }, id)),
  );
  select.addEventListener("change", () => {
    const { beside: _, ...rest } = place;
    open(select.value === "" ? { ...rest, besideStep: 0 } : { ...rest, beside: select.value, besideStep: 0 });
  });
  return make(
    "header",
    {},
    make("h2", {}, finding.id),
    finding.sentence === undefined ? undefined : make("p", {}, finding.sentence),
    make(
      "dl",
      {},
      ...line("found", [finding.verdict, finding.violated].filter((part) => part !== undefined).join(": ")),
      ...line("declared", finding.declared),
      ...line("why", finding.outcome === "pass" ? undefined : finding.reason),
      ...line("place", finding.place),
      ...line("states", finding.states?.toLocaleString("en-US")),
      ...line("depth", finding.depth?.toLocaleString("en-US")),
      ...line("show it", finding.command),
    ),
    make(
      "div",
      { class: "buttons" },
      button("close (Esc)", "Back to the list", close),
      finding.run && others.length > 0 ? select : undefined,
    ),
  );
}

function runOf(
  { run, id }: PageFinding,
  step: number,
  onStep: (step: number) => void,
  onExplore?: (step: number) => void,
): RunView | undefined {
  return run && runView(run, id, step, onStep, onExplore);
}

/** What has no run to step through, as text. */
function textOf({ id, detail, run }: PageFinding): HTMLElement | undefined {
  return detail === undefined || run !== undefined
    ? undefined
    : make("pre", { tabindex: 0, role: "region", "aria-label": `Counterexample of ${id}` }, detail);
}

function exploring(finding: PageFinding, { place, keep }: DetailOptions): Explorer | undefined {
  const { graph, id, graphNote } = finding;
  if (graph === undefined) return undefined;
  // Nobody has gone anywhere yet: the address says nothing of a state.
  let isReady = false;
  const view = explorer(graph, {
    label: id,
    note: graphNote,
    first: place.state,
    onState: (state) => {
      if (isReady) keep({ state });
    },
    addressOf: (state) => writePlace({ id, step: 0, besideStep: 0, state }),
  });
  isReady = true;
  return view;
}

function exploreStep(graph: Explorer): (step: number) => void {
  return (step) => {
    // A run that goes round for ever ends where it has been before.
    graph.goAlong(step);
    graph.element.focus();
    graph.element.scrollIntoView({ block: "start" });
  };
}

/** Two counterexamples beside each other: where they part, and keys that move both. */
function together(
  a: PageFinding,
  b: PageFinding,
  run: RunView,
  other: RunView,
): { readonly element: HTMLElement; readonly keyed: readonly Keyed[] } {
  const [steps, others] = [a.run?.sequence.steps ?? [], b.run?.sequence.steps ?? []];
  const differs = steps.findIndex((step, i) => JSON.stringify(step) !== JSON.stringify(others[i]));
  const same = differs < 0 ? steps.length : differs;
  const isSame = same === steps.length && same === others.length;
  const part = (): void => {
    run.go(same + 1);
    other.go(same + 1);
  };
  const box = make("input", { type: "checkbox", id: "together" });
  const moveBoth = (view: RunView): Record<string, () => void> => ({
    ...Object.fromEntries(
      Object.keys(view.keys).map((key) => [
        key,
        () => {
          const all = box.checked ? [run, other] : [view];
          for (const one of all) one.keys[key]?.();
        },
      ]),
    ),
    d: part,
  });
  const text = isSame
    ? "Both take the same steps."
    : same === 0
      ? "They differ from the first step on."
      : `The first ${same === 1 ? "step is" : `${same} steps are`} the same.`;
  return {
    element: make(
      "div",
      { class: "buttons" },
      make("span", { class: "small" }, text),
      isSame ? undefined : button("first difference", "Both go to the first step that differs (d)", part),
      make("label", { for: "together" }, box, " keys move both"),
    ),
    keyed: [run, other].map((view) => ({ ...view, keys: moveBoth(view) })),
  };
}

/** How often each action was taken, those that never were first. */
function actionsOf({ actions }: PageFinding): HTMLElement | undefined {
  if (actions === undefined || actions.length === 0) return undefined;
  const sorted = [...actions].sort((a, b) => Number(a.taken > 0) - Number(b.taken > 0) || b.taken - a.taken);
  const never = sorted.filter(({ taken }) => taken === 0).length;
  return make(
    "details",
    { class: "actions" },
    make("summary", {}, `Coverage: ${actions.length - never} actions taken, ${never} never`),
    make(
      "table",
      {},
      make(
        "thead",
        {},
        make("tr", {}, ...["action", "defined", "steps"].map((name) => make("th", { scope: "col" }, name))),
      ),
      make(
        "tbody",
        {},
        ...sorted.map(({ name, place, taken, idle }) =>
          make(
            "tr",
            {},
            make("th", { scope: "row", class: "name" }, name),
            make("td", { class: "cell" }, place),
            make(
              "td",
              { class: `cell ${taken > 0 ? "number" : idle ? "good" : "bad"}` },
              taken > 0 ? taken.toLocaleString("en-US") : idle ? "never, as declared" : "never",
            ),
          ),
        ),
      ),
    ),
  );
}

import { button, count, fill, make, plural } from "./elements.js";
import { stateFinder } from "./finder.js";
import type { Keyed } from "./keyed.js";
import { type GraphStep, States } from "./states.js";
import type { Graph } from "./views.js";

export interface Explorer extends Keyed {
  /** Goes along the counterexample, so many steps. */
  readonly goAlong: (step: number) => void;
}

export interface ExplorerOptions {
  readonly label: string;
  /** What comes with the graph, or instead of it. */
  readonly note: string | undefined;
  readonly first: number | undefined;
  readonly onState: (state: number) => void;
  /** The address of a state. */
  readonly addressOf: (state: number) => string;
}

/** So many steps that lead to a state, and changes of a step, are shown. */
const MOST_BEFORE = 30;
const MOST_CHANGES = 12;
/** So many states of the way are named. */
const MOST_WAY = 12;

/** A state graph that is walked: what is enabled in a state, where it leads, and how one gets there. */
export function explorer(graph: Graph, options: ExplorerOptions): Explorer {
  const { label, onState, addressOf } = options;
  const states = new States(graph);
  const size = graph.states.length;
  const start = graph.initial[0] ?? 0;
  const path = graph.path ?? [];
  const end = path.at(-1);
  const onPath = new Set(path);
  const known = options.first !== undefined && options.first < size ? options.first : start;
  const way: number[] = [known];
  let current = known;

  const said = make("p", { class: "said", role: "status", "aria-live": "polite" });
  const finder = stateFinder(states, size, label, (state, text, more) => link(state, text, more));
  const trail = make("p", { class: "trail" });
  const ahead = make("div");
  const behind = make("details");
  const values = make("div", { class: "state" });
  const goHome = (): void => go(start);
  const goBack = (): void => {
    if (way.length > 1) way.pop();
    show(way.at(-1) ?? start);
  };
  /** The way of the counterexample becomes one's own, so that back goes along it. */
  const goAlong = (step: number): void => {
    const taken = path.slice(0, step + 1);
    if (taken.length === 0) return;
    way.splice(0, way.length, ...taken);
    show(taken.at(-1) ?? start);
  };
  const goEnd = (): void => goAlong(path.length - 1);
  const shortest = (): void => {
    const steps = states.way(current);
    way.splice(0, way.length, steps[0]?.from ?? current, ...steps.map(({ to }) => to));
    show(current);
  };
  const element = make(
    "section",
    { class: "explore", "aria-label": `State graph of ${label}`, tabindex: -1 },
    make("h3", {}, "State graph"),
    make(
      "p",
      { class: "small" },
      `${count(size)} states, ${count(states.steps)} steps, ${count(graph.initial.length)} initial. ` +
        "Keys: 1 to 9 take a step, ↑ ↓ move among them, b back, 0 the start" +
        `${end === undefined ? "" : ", v the counterexample's end"}, s a shortest way here, f find.`,
    ),
    options.note === undefined ? undefined : make("p", { class: "small" }, options.note),
    make(
      "div",
      { class: "buttons" },
      button("start", "An initial state (0)", goHome),
      button("back", "Where you came from (b)", goBack),
      ...(end === undefined
        ? []
        : [button("counterexample's end", "The last state of the counterexample (v)", goEnd)]),
      button("shortest way", "A shortest way from the start to this state (s)", shortest),
      finder.search,
    ),
    finder.found,
    said,
    trail,
    make("div", { class: "side" }, make("div", {}, ahead, behind), values),
  );

  function go(state: number): void {
    if (state !== current) way.push(state);
    show(state);
  }

  function link(state: number, text: string, more: string, act = () => go(state)): HTMLAnchorElement {
    const made = make("a", { href: addressOf(state), title: more }, text);
    made.addEventListener("click", (event) => {
      event.preventDefault();
      act();
      focusFirst();
    });
    return made;
  }

  function focusFirst(): void {
    const first = ahead.querySelector<HTMLElement>("a");
    (first ?? element).focus();
  }

  function show(state: number): void {
    const before = way.at(-2);
    current = state;
    const steps = states.next(state);
    const depth = states.depth(state);
    const marks = [
      `State ${state}`,
      depth === 0 ? "initial" : depth > 0 ? `${plural(depth, "step")} from the start` : undefined,
      state === end
        ? "the counterexample ends here"
        : onPath.has(state)
          ? "on the counterexample's way"
          : undefined,
      steps.length === 0 ? "no step is enabled" : `${plural(steps.length, "step")} enabled`,
    ];
    said.textContent = marks.filter((mark) => mark !== undefined).join(", ");
    element.classList.toggle("ended", state === end);
    fill(trail, ...wayShown());
    fill(
      ahead,
      make("h4", {}, "Enabled here"),
      steps.length === 0
        ? make("p", {}, "Nothing: this state is the end.")
        : make("ol", { class: "steps" }, ...steps.map((step) => stepOf(step))),
    );
    const back = states.before(state).filter(({ from }) => from !== state);
    fill(
      behind,
      make("summary", {}, `Leads here: ${plural(back.length, "step")}`),
      make(
        "ul",
        { class: "steps" },
        ...back
          .slice(0, MOST_BEFORE)
          .map((step) =>
            make("li", {}, link(step.from, `state ${step.from}`, "Go there"), ` by ${step.action}`),
          ),
      ),
      back.length > MOST_BEFORE ? make("p", {}, `and ${count(back.length - MOST_BEFORE)} more`) : undefined,
    );
    // After a jump, everything would have changed.
    const isStep = before !== undefined && states.next(before).some(({ to }) => to === state);
    const old = isStep ? new Map(states.values(before)) : undefined;
    fill(
      values,
      make(
        "table",
        { class: "values" },
        make("caption", {}, `State ${state}`),
        make(
          "tbody",
          {},
          ...states.values(state).map(([name, value]) => {
            const isNew = old !== undefined && old.get(name) !== value;
            return make(
              "tr",
              { class: isNew ? "changed" : undefined },
              make("th", { scope: "row" }, name),
              make(
                "td",
                {},
                make("code", {}, value),
                isNew ? make("span", { class: "hidden" }, " (changed)") : undefined,
              ),
            );
          }),
        ),
      ),
    );
    onState(state);
  }

  function wayShown(): (Node | string)[] {
    const from = Math.max(0, way.length - MOST_WAY);
    const shown = way.slice(from);
    return [
      "Your way: ",
      from > 0 ? "… → " : "",
      ...shown.flatMap((state, i): (Node | string)[] => {
        const at = from + i;
        if (at === way.length - 1) return [make("b", {}, String(state))];
        const back = (): void => {
          way.splice(at + 1);
          show(state);
        };
        return [link(state, String(state), "Back to there", back), " → "];
      }),
    ];
  }

  function stepOf(step: GraphStep): HTMLLIElement {
    const changes = states.changes(step);
    const ends = states.next(step.to).length === 0;
    const marks = [
      step.to === step.from ? "stays here" : `state ${step.to}`,
      ...(isOnWay(step) ? ["the counterexample's step"] : []),
      ...(step.to === end ? ["its end"] : []),
      ...(ends && step.to !== step.from ? ["nothing is enabled there"] : []),
    ];
    return make(
      "li",
      { class: step.to === end ? "to-end" : isOnWay(step) ? "on-way" : undefined },
      link(step.to, step.action === "" ? "step" : step.action, "Take this step"),
      make("small", {}, ` ${marks.join(", ")}`),
      make(
        "pre",
        {},
        [
          ...changes.slice(0, MOST_CHANGES),
          ...(changes.length > MOST_CHANGES ? [`and ${changes.length - MOST_CHANGES} more changes`] : []),
        ].join("\n"),
      ),
    );
  }

  function isOnWay({ from, to }: GraphStep): boolean {
    return path.some((state, i) => state === from && path[i + 1] === to);
  }

  function take(n: number): void {
    ahead.querySelectorAll<HTMLAnchorElement>("ol.steps > li > a")[n]?.click();
  }

  function move(by: 1 | -1): void {
    const links = [...ahead.querySelectorAll<HTMLAnchorElement>("ol.steps > li > a")];
    const at = links.indexOf(document.activeElement as HTMLAnchorElement);
    links[at < 0 ? 0 : Math.max(0, Math.min(links.length - 1, at + by))]?.focus();
  }

  show(current);
  const keys: Record<string, () => void> = {
    b: goBack,
    "0": goHome,
    v: goEnd,
    s: shortest,
    f: () => finder.search.focus(),
  };
  for (let n = 1; n <= 9; n++) keys[String(n)] = () => take(n - 1);
  const [down, up] = [() => move(1), () => move(-1)];
  return {
    element,
    goAlong,
    keys,
    ownKeys: { ArrowDown: down, j: down, ArrowUp: up, k: up, Backspace: goBack },
  };
}

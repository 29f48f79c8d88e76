import type { PageData, PageFinding } from "./data.js";
import { button, fill, make } from "./elements.js";
import { type Place, readPlace, writePlace } from "./link.js";
import { findingList } from "./list.js";
import { type RunView, runView } from "./run.js";

const data = JSON.parse(document.getElementById("data")?.textContent ?? "null") as PageData;
const page = document.getElementById("page") as HTMLElement;
const byId = new Map(data.findings.map((finding) => [finding.id, finding]));
let place: Place = readPlace(location.hash);
let views: RunView[] = [];

const list = findingList(data.findings, (id) => open({ id, step: 0, besideStep: 0 }));
const detail = make("section", { id: "detail", "aria-label": "Details", tabindex: -1 });

fill(
  page,
  make("h1", {}, `${data.good ? "✓" : "✗"} ${data.title}`),
  make("p", { class: data.good ? "good" : "bad" }, data.total),
  make(
    "p",
    { class: "small" },
    `${data.command}, Quiesce ${data.version}, ${data.when.replace("T", " ").slice(0, 16)} UTC, ${data.seconds.toFixed(1)} s`,
  ),
  ...data.problems.map(({ place: where, message }) =>
    make("p", { class: "bad" }, `✗ ${where === undefined ? "" : `${where}  `}${message}`),
  ),
  ...data.notes.map((note) => make("p", { class: "small" }, note)),
  make(
    "p",
    { class: "small" },
    "Keys: / search, j k steps, Home End, n p the chosen variable's changes, Esc the list.",
  ),
  list.element,
  detail,
);
show();
addEventListener("hashchange", () => {
  const next = readPlace(location.hash);
  if (writePlace(next) === writePlace(place)) return;
  place = next;
  show();
});
addEventListener("keydown", onKey);

function open(next: Place): void {
  place = next;
  history.pushState(null, "", writePlace(place));
  show();
  detail.focus();
}

/** The step is a part of the address, but not of its history. */
function keep(change: Partial<Place>): void {
  place = { ...place, ...change };
  history.replaceState(null, "", writePlace(place));
}

function show(): void {
  views = [];
  const finding = place.id === undefined ? undefined : byId.get(place.id);
  list.mark(finding?.id);
  if (finding === undefined) {
    fill(
      detail,
      place.id === undefined
        ? undefined
        : make("p", { class: "bad" }, `There is no ${place.id} in this report.`),
    );
    return;
  }
  const beside = place.beside === undefined ? undefined : byId.get(place.beside);
  fill(
    detail,
    heading(finding),
    make(
      "div",
      { class: beside?.run ? "two" : "one" },
      runOf(finding, place.step, (step) => keep({ step })),
      beside && runOf(beside, place.besideStep, (besideStep) => keep({ besideStep })),
    ),
  );
}

function heading(finding: PageFinding): HTMLElement {
  const line = (name: string, value: string | undefined) =>
    value === undefined ? [] : [make("dt", {}, name), make("dd", {}, value)];
  const others = data.findings.filter(({ run, id }) => run !== undefined && id !== finding.id);
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

function runOf(finding: PageFinding, step: number, onStep: (step: number) => void): HTMLElement | undefined {
  if (finding.run !== undefined) {
    const view = runView(finding.run, finding.id, step, onStep);
    views.push(view);
    return view.element;
  }
  return finding.detail === undefined
    ? undefined
    : make(
        "pre",
        { tabindex: 0, role: "region", "aria-label": `Counterexample of ${finding.id}` },
        finding.detail,
      );
}

function close(): void {
  open({ step: 0, besideStep: 0 });
  list.focus();
}

/** With two runs side by side, the keys move the one that has the focus, or the first. */
function onKey(event: KeyboardEvent): void {
  const target = event.target as HTMLElement;
  const isTyping = target instanceof HTMLInputElement || target instanceof HTMLSelectElement;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") {
    if (isTyping) target.blur();
    else if (place.id !== undefined) close();
    return;
  }
  if (isTyping) return;
  if (event.key === "/") {
    event.preventDefault();
    list.focus();
    return;
  }
  const view = views.find(({ element }) => element.contains(target)) ?? views[0];
  const act: Readonly<Record<string, (() => void) | undefined>> = {
    j: () => view?.move(1),
    ArrowRight: () => view?.move(1),
    k: () => view?.move(-1),
    ArrowLeft: () => view?.move(-1),
    Home: () => view?.go(0),
    End: () => view?.go(Number.MAX_SAFE_INTEGER),
    n: () => view?.change(1),
    p: () => view?.change(-1),
  };
  const chosen = act[event.key];
  if (view === undefined || chosen === undefined) return;
  event.preventDefault();
  chosen();
}

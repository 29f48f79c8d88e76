import type { PageData } from "./data.js";
import { detailOf } from "./detail.js";
import { fill, make } from "./elements.js";
import type { Keyed } from "./keyed.js";
import { NOWHERE, type Place, readPlace, writePlace } from "./link.js";
import { findingList } from "./list.js";
import { tableView } from "./tables.js";

const data = JSON.parse(document.getElementById("data")?.textContent ?? "null") as PageData;
const page = document.getElementById("page") as HTMLElement;
const byId = new Map(data.findings.map((finding) => [finding.id, finding]));
let place: Place = readPlace(location.hash);
let keyed: readonly Keyed[] = [];

const list = findingList(data.findings, (id) => open({ ...NOWHERE, id }));
const detail = make("section", { id: "detail", "aria-label": "Details", tabindex: -1 });
const views = make("nav", { "aria-label": "Views", class: "buttons" });
const view = make("div");

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
  views,
  view,
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
  keyed = [];
  const table = data.tables.find(({ title }) => title === place.view);
  fill(views, ...(data.tables.length === 0 ? [] : viewLinks()));
  fill(
    view,
    table &&
      tableView(
        table,
        (id) => byId.has(id),
        (id) => writePlace({ ...NOWHERE, id }),
      ),
  );
  list.element.hidden = table !== undefined;
  const finding = place.id === undefined ? undefined : byId.get(place.id);
  list.mark(finding?.id);
  page.classList.toggle("detailed", finding !== undefined);
  if (finding === undefined) {
    fill(detail, table === undefined ? missing() : undefined);
    return;
  }
  const shown = detailOf(finding, {
    place,
    others: data.findings.filter(({ run, id }) => run !== undefined && id !== finding.id),
    beside: place.beside === undefined ? undefined : byId.get(place.beside),
    open,
    keep,
    close,
  });
  keyed = shown.keyed;
  fill(detail, shown.element);
  for (const one of keyed) one.shown?.();
  shown.focused?.focus();
}

function missing(): HTMLElement | undefined {
  const { id, view: asked } = place;
  const what = id ?? asked;
  return what === undefined ? undefined : make("p", { class: "bad" }, `There is no ${what} in this report.`);
}

function viewLinks(): HTMLElement[] {
  const link = (title: string, address: Place, isHere: boolean): HTMLElement =>
    make("a", { href: writePlace(address), "aria-current": isHere ? "page" : undefined }, title);
  const known = data.tables.some(({ title }) => title === place.view);
  return [
    link("Findings", NOWHERE, !known),
    ...data.tables.map(({ title }) => link(title, { ...NOWHERE, view: title }, title === place.view)),
  ];
}

function close(): void {
  open(NOWHERE);
  list.focus();
}

/** Keys are for the part that has the focus; else for the first that knows them. */
function onKey(event: KeyboardEvent): void {
  const target = event.target as HTMLElement;
  const isTyping =
    (target instanceof HTMLInputElement && target.type !== "checkbox") || target instanceof HTMLSelectElement;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") {
    if (isTyping) target.blur();
    else if (place.id !== undefined || place.view !== undefined) close();
    return;
  }
  if (isTyping) return;
  if (event.key === "/") {
    event.preventDefault();
    if (list.element.hidden) open(NOWHERE);
    list.focus();
    return;
  }
  const own = keyed.filter(({ element }) => element.contains(target));
  const known = [...own.map(({ ownKeys }) => ownKeys), ...[...own, ...keyed].map(({ keys }) => keys)];
  const chosen = known.find((keys) => keys !== undefined && Object.hasOwn(keys, event.key))?.[event.key];
  if (chosen === undefined) return;
  event.preventDefault();
  chosen();
}

import { button, center, fill, make } from "./elements.js";
import type { Keyed } from "./keyed.js";
import type { Recorded, RecordedBox } from "./views.js";

const SHIFT_PX = 7;
const MOST_SHIFT = 6;

const STEPS: Readonly<Record<RecordedBox["state"], string>> = {
  explained: "explained",
  next: "not explained",
  later: "not looked at: it comes after what is not explained",
};

const HISTORY: Readonly<Record<RecordedBox["state"], string>> = {
  explained: "beside it",
  next: "a part of what breaks the promise",
  later: "beside it",
};

/**
 * A recording as lanes, time going down. A box reaches from where its step began to where it ended; between two lines
 * of the grid lies the time between two such moments, however long it is, so that who overlaps whom is seen.
 */
export function boxesView(
  { lanes, before, after, isHistory }: Recorded,
  label: string,
  first: number | undefined,
  onBox: (box: number) => void,
): Keyed {
  const words = isHistory ? HISTORY : STEPS;
  const all = lanes
    .flatMap(({ boxes }, lane) => boxes.map((box, index) => ({ box, lane, index })))
    .sort((a, b) => a.box.start - b.box.start || a.lane - b.lane || a.index - b.index);
  const moments = [
    ...new Set(all.flatMap(({ box: { start, end } }) => (end === undefined ? [start] : [start, end]))),
  ];
  moments.sort((a, b) => a - b);
  const lineOf = new Map(moments.map((moment, i) => [moment, i + 2]));
  const end = moments.length + 2;
  const firstNext = Math.max(
    0,
    all.findIndex(({ box }) => box.state === "next"),
  );
  let current = first !== undefined && first < all.length ? first : firstNext;

  const shifts = shiftsOf(all);

  const said = make("p", { class: "said", role: "status", "aria-live": "polite" });
  const told = make("div", { class: "state" });
  const grid = make("div", { class: "boxes" });
  grid.style.gridTemplateColumns = `max-content repeat(${lanes.length}, minmax(5.5rem, 1fr))`;
  const place = <E extends HTMLElement>(element: E, column: number, from: number, to: number): E => {
    element.style.gridColumn = String(column);
    element.style.gridRow = `${from} / ${to}`;
    return element;
  };
  const heads = lanes.map(({ name }, lane) => place(make("div", { class: "head" }, name), lane + 2, 1, 2));
  const times = moments.map((moment) =>
    place(
      make("div", { class: "time" }, showNs(moment)),
      1,
      lineOf.get(moment) ?? 2,
      (lineOf.get(moment) ?? 2) + 1,
    ),
  );
  const shown = all.map(({ box, lane }, i) => {
    const from = lineOf.get(box.start) ?? 2;
    const to = box.end === undefined ? end : Math.max(from + 1, lineOf.get(box.end) ?? end);
    const made = button(box.step, `${lanes[lane]?.name}: ${box.step}, ${words[box.state]}`, () => go(i));
    made.className = `box ${box.state}`;
    // Where boxes of one thread overlap, each stands a little further in, so that all edges are seen.
    made.style.marginLeft = `${SHIFT_PX * (shifts[i] ?? 0)}px`;
    made.tabIndex = -1;
    if (box.end === undefined) made.classList.add("open");
    return place(made, lane + 2, from, to);
  });
  grid.append(place(make("div", { class: "head" }, "time"), 1, 1, 2), ...heads, ...times, ...shown);
  const scroller = make(
    "div",
    { class: "scroll", tabindex: 0, role: "region", "aria-label": `Boxes of ${label}` },
    grid,
  );
  const counts = (["explained", "next", "later"] as const).map(
    (state) => all.filter(({ box }) => box.state === state).length,
  );
  const element = make(
    "section",
    { class: "recorded", "aria-label": `Recording ${label}` },
    make("h3", {}, "The recording"),
    make(
      "p",
      { class: "small" },
      "Each step happened somewhere within its box. Lines are moments; their distance is not to scale. " +
        (isHistory
          ? "Those with a thick edge break the promise together. "
          : `${counts[0]} boxes are explained, ${counts[1]} can't be, ${counts[2]} come later. `) +
        "Keys: j k the boxes by their start, x the first that is not explained, Home End.",
    ),
    before > 0
      ? make("p", { class: "small" }, `${before.toLocaleString("en-US")} earlier events are not shown.`)
      : undefined,
    make(
      "div",
      { class: "buttons" },
      button("before", "Box before (k)", () => go(current - 1)),
      button("next", "Next box (j)", () => go(current + 1)),
      button("not explained", "The first box that is not explained (x)", () => go(firstNext)),
    ),
    said,
    make("div", { class: "side" }, scroller, told),
    after > 0
      ? make("p", { class: "small" }, `${after.toLocaleString("en-US")} later events are not shown.`)
      : undefined,
  );

  function go(to: number): void {
    const old = shown[current];
    old?.removeAttribute("aria-current");
    current = Math.max(0, Math.min(all.length - 1, to));
    const one = all[current];
    if (one === undefined) return;
    const { box, lane } = one;
    const now = shown[current];
    now?.setAttribute("aria-current", "step");
    now?.scrollIntoView({ block: "nearest", inline: "nearest" });
    said.textContent = `Box ${current + 1} of ${all.length}: ${lanes[lane]?.name}, ${box.step}, ${words[box.state]}`;
    const line = (name: string, text: string | undefined): HTMLElement[] =>
      text === undefined ? [] : [make("dt", {}, name), make("dd", {}, text)];
    fill(
      told,
      make(
        "dl",
        {},
        ...line("step", box.step),
        ...line("thread", lanes[lane]?.name),
        ...line("began", showNs(box.start)),
        ...line("ended", box.end === undefined ? "not before the recording ended" : showNs(box.end)),
        ...line("width", box.end === undefined ? undefined : showNs(box.end - box.start)),
        ...line("observed", box.observed.length === 0 ? undefined : box.observed.join("\n")),
        ...line("it is", words[box.state]),
        ...line("why", box.why),
      ),
    );
    onBox(current);
  }

  go(current);
  const keys = {
    j: () => go(current + 1),
    ArrowRight: () => go(current + 1),
    k: () => go(current - 1),
    ArrowLeft: () => go(current - 1),
    x: () => go(firstNext),
    Home: () => go(0),
    End: () => go(all.length - 1),
  };
  return { element, keys, shown: () => center(scroller, shown[current]) };
}

/** How far in each box stands: the first place that no earlier box of its lane, still open, has. */
function shiftsOf(all: readonly { readonly box: RecordedBox; readonly lane: number }[]): number[] {
  const open = new Map<number, number[]>();
  return all.map(({ box, lane }) => {
    const ends = open.get(lane) ?? [];
    open.set(lane, ends);
    const free = ends.findIndex((end) => end <= box.start);
    const place = free >= 0 ? free : Math.min(ends.length, MOST_SHIFT);
    ends[place] = box.end ?? Number.POSITIVE_INFINITY;
    return place;
  });
}

/** Nanoseconds for a person. */
function showNs(ns: number): string {
  const [value, unit] =
    ns < 1e3 ? [ns, "ns"] : ns < 1e6 ? [ns / 1e3, "µs"] : ns < 1e9 ? [ns / 1e6, "ms"] : [ns / 1e9, "s"];
  return `${unit === "ns" ? Math.round(value) : Number(value.toPrecision(5))} ${unit}`;
}

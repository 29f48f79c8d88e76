import type { PageFinding } from "./data.js";
import { fill, make } from "./elements.js";

/** The findings, with a search and filters. */
export interface FindingList {
  readonly element: HTMLElement;
  /** Marks the one that is open. */
  mark(id: string | undefined): void;
  /** Puts the cursor into the search. */
  focus(): void;
}

const MARKS: Readonly<Record<PageFinding["outcome"], string>> = {
  pass: "✓",
  found: "•",
  fail: "✗",
  open: "?",
  undecided: "…",
  skipped: "-",
};

const WORDS: Readonly<Record<PageFinding["outcome"], string>> = {
  pass: "as expected",
  found: "nothing declared",
  fail: "different",
  open: "not certain",
  undecided: "not decided",
  skipped: "not run",
};

/** So many rows are shown at a time: a page with ten thousand answers at once. */
const ROWS = 200;

/** @param onOpen called with the id of a finding that is chosen */
export function findingList(findings: readonly PageFinding[], onOpen: (id: string) => void): FindingList {
  const rank = ["fail", "open", "undecided", "skipped", "found", "pass"];
  const sorted = [...findings].sort(
    (a, b) => rank.indexOf(a.outcome) - rank.indexOf(b.outcome) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0),
  );
  const search = make("input", {
    type: "search",
    id: "search",
    placeholder: "search ids, sentences, reasons",
  });
  const outcome = choice("outcome", "all outcomes", Object.entries(WORDS), findings, (one) => one.outcome);
  const group = choice(
    "group",
    "all groups",
    unique(findings.map((one) => [one.group, one.group])),
    findings,
    (one) => one.group,
  );
  const verdict = choice(
    "verdict",
    "all verdicts",
    unique(findings.map((one) => [one.verdict, one.verdict])),
    findings,
    (one) => one.verdict,
  );
  const body = make("tbody");
  const count = make("p", { role: "status", "aria-live": "polite", class: "small" });
  const more = make("button", { type: "button" }, "show more");
  let limit = ROWS;
  let open: string | undefined;

  function show(): void {
    const words = search.value
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== "");
    const found = sorted.filter(
      (one) =>
        (outcome.value === "" || one.outcome === outcome.value) &&
        (group.value === "" || one.group === group.value) &&
        (verdict.value === "" || one.verdict === verdict.value) &&
        words.every((word) => `${one.headline} ${one.sentence ?? ""}`.toLowerCase().includes(word)),
    );
    fill(body, ...found.slice(0, limit).map((one) => rowOf(one, one.id === open, onOpen)));
    count.textContent = `${found.length.toLocaleString("en-US")} of ${findings.length.toLocaleString("en-US")}`;
    more.hidden = found.length <= limit;
  }
  const again = (): void => {
    limit = ROWS;
    show();
  };
  search.addEventListener("input", again);
  for (const one of [outcome, group, verdict]) one.addEventListener("change", again);
  more.addEventListener("click", () => {
    limit *= 4;
    show();
  });
  show();
  const columns = ["", "what", "found", "declared", "states", "seconds"];
  return {
    element: make(
      "section",
      { "aria-label": "Findings" },
      make(
        "div",
        { class: "filters" },
        make("label", { for: "search", class: "hidden" }, "Search"),
        search,
        outcome,
        group,
        verdict,
      ),
      count,
      make(
        "div",
        { class: "scroll list", tabindex: 0, role: "region", "aria-label": "List of findings" },
        make(
          "table",
          { class: "findings" },
          make(
            "thead",
            {},
            make(
              "tr",
              {},
              ...columns.map((name) =>
                make(
                  "th",
                  { scope: "col" },
                  name === "" ? make("span", { class: "hidden" }, "outcome") : name,
                ),
              ),
            ),
          ),
          body,
        ),
      ),
      more,
    ),
    mark: (id) => {
      open = id;
      show();
    },
    focus: () => search.focus(),
  };
}

function choice(
  name: string,
  all: string,
  values: readonly (readonly [string, string])[],
  findings: readonly PageFinding[],
  of: (finding: PageFinding) => string,
): HTMLSelectElement {
  const counts = new Map<string, number>();
  for (const one of findings) counts.set(of(one), (counts.get(of(one)) ?? 0) + 1);
  return make(
    "select",
    { "aria-label": `Filter by ${name}` },
    make("option", { value: "" }, all),
    ...values
      .filter(([value]) => counts.has(value))
      .map(([value, text]) => make("option", { value }, `${text} (${counts.get(value)})`)),
  );
}

function unique(pairs: readonly (readonly [string, string])[]): (readonly [string, string])[] {
  return [...new Map(pairs)].sort(([a], [b]) => (a < b ? -1 : 1));
}

function rowOf(finding: PageFinding, isOpen: boolean, onOpen: (id: string) => void): HTMLTableRowElement {
  const { id, outcome, verdict, violated, declared, states, seconds } = finding;
  const link = make(
    "a",
    { href: `#${new URLSearchParams({ id }).toString()}`, "aria-current": isOpen ? "true" : undefined },
    id,
  );
  link.addEventListener("click", (event) => {
    event.preventDefault();
    onOpen(id);
  });
  return make(
    "tr",
    { class: outcome },
    make(
      "td",
      {},
      make("span", { title: WORDS[outcome] }, MARKS[outcome]),
      make("span", { class: "hidden" }, WORDS[outcome]),
    ),
    make("td", {}, link),
    make("td", {}, violated === undefined ? verdict : `${verdict}: ${violated}`),
    make("td", {}, declared ?? ""),
    make("td", { class: "number" }, states === undefined ? "" : states.toLocaleString("en-US")),
    make("td", { class: "number" }, seconds.toFixed(1)),
  );
}

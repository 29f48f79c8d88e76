import { button, fill, make } from "../../report/viewer/elements.js";
import type { Answer, OrderAnswer, Question } from "./decide.js";
import { isBroken, linkTo, readLink } from "./link.js";
import { picture } from "./picture.js";

const WORDS: Readonly<Record<string, string>> = {
  sc: "sequential consistency: nothing is reordered",
  tso: "x86: stores may be seen late",
  pso: "stores may overtake stores, too",
  weak: "Arm, RISC-V, and what compilers do",
};

/** Whose order it is: somebody asks about a processor, and may not know what its order is called. */
const PROCESSORS: Readonly<Record<string, string>> = { tso: "x86-64", weak: "Arm, RISC-V" };

const tests = JSON.parse(document.getElementById("data")?.textContent ?? "[]") as {
  readonly name: string;
  readonly text: string;
}[];
const script = new Blob([document.getElementById("worker")?.textContent ?? ""], { type: "text/javascript" });
const workerUrl = URL.createObjectURL(script);
/** After this long the worker is given up: nobody reads an answer that comes so late. */
const PATIENCE_MS = 20_000;

let worker = newWorker();
let asked: Question = { number: 0, text: "", letter: "" };
let giveUp: ReturnType<typeof setTimeout> | undefined;
let chosenOrder = "weak";

const editor = make("textarea", { id: "test", spellcheck: "false", rows: 18, "aria-describedby": "verdict" });
const examples = make(
  "select",
  { "aria-label": "Example" },
  make("option", { value: "" }, "an example ..."),
  ...tests.map(({ name }) => make("option", { value: name }, name)),
);
const letters = make("select", { "aria-label": "Leave out a letter of the protocol" });
const verdict = make("div", { id: "verdict", role: "status", "aria-live": "polite" });
const shared = make("span", { role: "status", class: "small" });

editor.addEventListener("input", () => {
  // Who has changed an example may pick it again.
  examples.value = "";
  ask();
});
editor.addEventListener("keydown", (event) => {
  // Tab leaves the editor, as everywhere in a page.
  if (event.key === "Escape") editor.blur();
});
letters.addEventListener("change", () => choose(editor.value, letters.value));
examples.addEventListener("change", () => {
  const found = tests.find(({ name }) => name === examples.value);
  if (found === undefined) return;
  choose(found.text, "");
});

fill(
  document.getElementById("page") as HTMLElement,
  make("h1", {}, "May this be reordered?"),
  make(
    "p",
    {},
    "Type a litmus test in the kernel's C format: what it can end with, under each memory order, appears beside it, and why. " +
      "RCU's sections and grace periods are the protocol of this project; leave out one of its letters, and see what breaks.",
  ),
  make(
    "div",
    { class: "two" },
    make(
      "section",
      { "aria-label": "The test" },
      make(
        "div",
        { class: "buttons" },
        examples,
        letters,
        button("copy a link", "Copy a link that carries this test", () => void share()),
        shared,
      ),
      make("label", { for: "test", class: "hidden" }, "A litmus test"),
      editor,
    ),
    make("section", { "aria-label": "What it can end with" }, verdict),
  ),
  make(
    "p",
    { class: "small" },
    "Decided here, in this page, by the axioms of conformance/axioms, which agree with the machine in TLA+ on all that both were asked. " +
      "A store reaches all other threads at the same time; compilers move accesses, but never tear, repeat or invent them. ",
    "For more: quiesce litmus --help",
  ),
);
open();
addEventListener("hashchange", open);

/** Shows what the address carries, or the first example. */
function open(): void {
  const link = readLink(location.hash);
  // It is our own link that has just been written.
  if (asked.number > 0 && link !== undefined && link.text === editor.value && link.letter === letters.value)
    return;
  const first = tests.find(({ name }) => name === "SB+poonceonces") ?? tests[0];
  editor.value = link?.text ?? first?.text ?? "";
  examples.value = "";
  shared.textContent = isBroken(location.hash)
    ? "The address carries no whole test, as when a link is cut off: this is an example."
    : "";
  showLetters(link === undefined || link.letter === "" ? [] : [link.letter], link?.letter ?? "");
  ask();
}

/** What somebody picks is a place to come back from: the back button shows what was there before. */
function choose(text: string, letter: string): void {
  history.replaceState(null, "", linkTo(asked));
  editor.value = text;
  if (letter === "") showLetters([], "");
  history.pushState(null, "", linkTo({ text, letter }));
  ask();
}

let isWaiting = false;
/** Browsers refuse to change the address more than about three times a second. */
const WRITE_MS = 1_000;

/** Has the address carry the test, soon. */
function remember(): void {
  if (isWaiting) return;
  isWaiting = true;
  setTimeout(() => {
    isWaiting = false;
    history.replaceState(null, "", linkTo(asked));
  }, WRITE_MS);
}

function newWorker(): Worker {
  const made = new Worker(workerUrl);
  made.addEventListener("message", ({ data }: MessageEvent<Answer>) => {
    if (data.number === asked.number) show(data);
  });
  made.addEventListener("error", (event) => {
    show({ number: asked.number, letters: [], milliseconds: 0, kind: "undecided", message: event.message });
  });
  return made;
}

function ask(): void {
  // A question that is still being worked on is of no interest any more.
  if (giveUp !== undefined) restart();
  asked = { number: asked.number + 1, text: editor.value, letter: letters.value };
  worker.postMessage(asked);
  giveUp = setTimeout(() => {
    restart();
    show({
      number: asked.number,
      letters: [],
      milliseconds: PATIENCE_MS,
      kind: "undecided",
      message: "this takes too long for a page: use quiesce litmus",
    });
  }, PATIENCE_MS);
}

function restart(): void {
  clearTimeout(giveUp);
  giveUp = undefined;
  worker.terminate();
  worker = newWorker();
}

async function share(): Promise<void> {
  const link = linkTo({ text: editor.value, letter: letters.value });
  history.replaceState(null, "", link);
  try {
    await navigator.clipboard.writeText(location.href);
    shared.textContent = "copied";
  } catch {
    shared.textContent = "the link is in the address bar";
  }
}

function showLetters(known: readonly string[], chosen: string): void {
  fill(
    letters,
    make("option", { value: "" }, known.length === 0 ? "no letters in it" : "leave out ..."),
    ...known.map((letter) =>
      make("option", { value: letter, selected: letter === chosen }, `without ${letter}`),
    ),
  );
  letters.disabled = known.length === 0;
}

function show(answer: Answer): void {
  clearTimeout(giveUp);
  giveUp = undefined;
  if (answer.kind !== "refused") showLetters(answer.letters, asked.letter);
  remember();
  if (answer.kind === "refused") {
    const { message, hint, line, column } = answer;
    fill(
      verdict,
      make("p", { class: "bad" }, `${line}:${column}  ${message}`),
      hint === undefined ? undefined : make("p", {}, hint),
    );
    return;
  }
  if (answer.kind === "undecided") {
    fill(verdict, make("p", { class: "bad" }, `Not decided: ${answer.message}`));
    return;
  }
  const { orders, name, milliseconds, condition } = answer;
  fill(
    verdict,
    make(
      "table",
      { class: "orders" },
      make("caption", {}, `${name}: ${condition} (${milliseconds.toFixed(0)} ms)`),
      make(
        "thead",
        {},
        make(
          "tr",
          {},
          ...["order", "it holds", "all ends; ✓ where it holds"].map((head) =>
            make("th", { scope: "col" }, head),
          ),
        ),
      ),
      make("tbody", {}, ...orders.map(rowOf)),
    ),
    whyOf(orders.find(({ order }) => order === chosenOrder) ?? orders[0]),
  );
}

function rowOf(one: OrderAnswer): HTMLTableRowElement {
  const { order, observation, outcomes, examples } = one;
  const choose = button(order, `${WORDS[order] ?? order}: show why`, () => {
    chosenOrder = order;
    for (const row of verdict.querySelectorAll("tbody tr")) row.removeAttribute("aria-current");
    choose.closest("tr")?.setAttribute("aria-current", "true");
    verdict.querySelector(".why")?.replaceWith(whyOf(one));
  });
  return make(
    "tr",
    { "aria-current": order === chosenOrder ? "true" : undefined },
    make("th", { scope: "row" }, choose, make("div", { class: "whose" }, PROCESSORS[order] ?? "")),
    make("td", { class: `observation ${observation.toLowerCase()}` }, observation),
    make(
      "td",
      {},
      ...(examples ? [make("p", {}, "Too many to list; for example:")] : []),
      make(
        "code",
        {},
        outcomes.length === 0
          ? "no run ends"
          : outcomes.map(({ text, holds }) => `${holds ? "✓" : " "} ${text}`).join("\n"),
      ),
    ),
  );
}

function whyOf(one: OrderAnswer | undefined): HTMLElement {
  if (one === undefined) return make("div", { class: "why" });
  const { kind, lines, drawings } = one.why;
  const heads = {
    execution: `Under ${one.order}, a run, from top to bottom:`,
    circle: `Under ${one.order}, no run: each of these would have to come before the next, and so before itself.`,
    none: `Under ${one.order}:`,
  };
  const [first, ...others] = drawings.map((drawing, n) =>
    picture(drawing, n === 0 ? lines.join("; ") : `another circle, ${n}`),
  );
  const text = make("pre", { tabindex: 0, role: "region", "aria-label": "Why" }, lines.join("\n"));
  return make(
    "div",
    { class: "why" },
    make("p", {}, heads[kind]),
    first,
    first === undefined ? text : make("details", {}, make("summary", {}, "the same in words"), text),
    others.length === 0
      ? undefined
      : make("details", {}, make("summary", {}, `other circles that forbid it: ${others.length}`), ...others),
    kind === "none" ? undefined : make("p", { class: "small" }, KEY),
  );
}

const KEY =
  "W stores, R loads. rf: is read from; fr: is read before that is stored; co: is stored before; po: program order, " +
  "dotted, and against the time where it is reordered; fence, dep, ctrl, acquire, release, membarrier, rcu: what keeps the order.";

import { fill, make, plural } from "./elements.js";
import type { States } from "./states.js";

/** A field in which states are searched for, and what was found. */
export interface StateFinder {
  readonly search: HTMLInputElement;
  readonly found: HTMLElement;
}

/** Finds a state by its number, or states by what their variables have: `pc idle, head 1`. */
export function stateFinder(
  states: States,
  size: number,
  label: string,
  link: (state: number, text: string, more: string) => HTMLElement,
): StateFinder {
  const search = make("input", {
    type: "search",
    placeholder: "find states: a number, or pc idle, head 1",
    "aria-label": `Find states of ${label}`,
  });
  const found = make("div", { class: "found" });
  search.addEventListener("input", () => {
    const text = search.value.trim().toLowerCase();
    if (text === "") fill(found);
    else if (/^\d+$/.test(text) && Number(text) < size)
      fill(found, make("p", {}, link(Number(text), `state ${Number(text)}`, "Go there")));
    else fill(found, having(text));
  });
  search.addEventListener("keydown", (event) => {
    if (event.key === "Enter") found.querySelector("a")?.click();
  });

  function having(text: string): HTMLElement {
    const asked = text.split(/,|\/\\/).map((part) => part.split(/\s+/).filter((word) => word !== ""));
    const { count, states: some } = states.find(asked.filter((words) => words.length > 0));
    return make(
      "p",
      {},
      count === 0 ? "No state has that." : `${plural(count, "state")}: `,
      ...some.flatMap((state) => [
        link(state, String(state), `${plural(states.depth(state), "step")} from the start`),
        " ",
      ]),
      count > some.length ? "..." : "",
    );
  }
  return { search, found };
}

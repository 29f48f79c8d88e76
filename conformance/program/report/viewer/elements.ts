type Child = Node | string | undefined;

/**
 * Makes an element. Text only ever becomes text: nothing of a specification's is read as HTML. Attributes are set by
 * name; `class` and `aria-...` as in HTML.
 */
export function make<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Readonly<Record<string, string | number | boolean | undefined>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    element.setAttribute(key, value === true ? "" : String(value));
  }
  element.append(...children.filter((child) => child !== undefined));
  return element;
}

export function button(text: string, title: string, act: () => void): HTMLButtonElement {
  const made = make("button", { type: "button", title }, text);
  made.addEventListener("click", act);
  return made;
}

/** Replaces all that an element holds. */
export function fill(element: Element, ...children: readonly Child[]): void {
  element.replaceChildren(...children.filter((child) => child !== undefined));
}

/** Puts a part of what scrolls into its middle, and leaves the page where it is. */
export function center(scroller: HTMLElement, part: HTMLElement | undefined): void {
  if (part !== undefined)
    scroller.scrollTop = part.offsetTop - (scroller.clientHeight - part.offsetHeight) / 2;
}

export function count(n: number): string {
  return n.toLocaleString("en-US");
}

export function plural(n: number, what: string): string {
  return `${count(n)} ${what}${n === 1 ? "" : "s"}`;
}

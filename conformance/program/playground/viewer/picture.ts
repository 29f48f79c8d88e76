import { draw } from "quiesce/conformance/axioms/draw";
import type { Drawing } from "quiesce/conformance/litmus/result";

const SVG = "http://www.w3.org/2000/svg";

/** A drawing as a part of the page: what it says becomes text, never markup. */
export function picture(drawing: Drawing, label: string): SVGSVGElement {
  const { width, height, shapes } = draw(drawing);
  const svg = document.createElementNS(SVG, "svg");
  const set = (element: Element, attributes: Readonly<Record<string, string | number>>): void => {
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  };
  set(svg, { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": label });
  for (const { element, attributes, text } of shapes) {
    const made = document.createElementNS(SVG, element);
    set(made, attributes);
    if (text !== undefined) made.textContent = text;
    svg.append(made);
  }
  return svg;
}

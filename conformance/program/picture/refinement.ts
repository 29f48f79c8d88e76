import { clipped, hoverTitle, linked, MARGIN, svgDocument, text, widthOf, wrapped } from "./kit.js";
import { tone } from "./palette.js";

/** How a module stands to the one above it. */
export type Relation = "refines" | "runs on";

/** A module in the tree of refinements. */
export interface ModuleNode {
  readonly module: string;
  /** What it is about: the first sentence of its comment. */
  readonly idea: string;
  /** Undefined for a root. */
  readonly relation?: Relation;
  /** Claims that say so: those that hold, and mutants that break it. */
  readonly holds: number;
  readonly violated: number;
  /** What stands for the variables of the module above: the `WITH` of its INSTANCE. */
  readonly mapping?: string;
  /** Where the module is, and where its claims are. */
  readonly href?: string;
  readonly claimsHref?: string;
  readonly children: readonly ModuleNode[];
}

const ROW = 22;
const INDENT = 26;
const NAME = 250;
const WIDTH = 1040;
const COUNTS = { holds: WIDTH - 190, violated: WIDTH - 100 };

interface Placed {
  readonly node: ModuleNode;
  readonly depth: number;
  readonly y: number;
  readonly parent: Placed | undefined;
}

/** The tree of refinements: what each module keeps the promise of, and by how many claims. */
export function refinementSvg(roots: readonly ModuleNode[], name = "refinements"): string {
  const notes = wrapped(
    "A solid line: the module below refines the one above, that is, each of its behaviours is one of that module's, and TLC checks it. " +
      "A dashed line: it is a program for the machine above, and its promises are about the orders in which that may run it. " +
      "Beside each are the claims that hold, and the mutants that break a promise.",
    WIDTH - 2 * MARGIN,
  );
  const top = 62 + notes.length * 17 + 22;
  const placed: Placed[] = [];
  let y = top;
  const place = (node: ModuleNode, depth: number, parent: Placed | undefined): void => {
    const one = { node, depth, y, parent };
    placed.push(one);
    y += ROW;
    for (const child of node.children) place(child, depth + 1, one);
  };
  for (const root of roots) {
    place(root, 0, undefined);
    y += ROW * 0.7;
  }
  return svgDocument({
    name,
    width: WIDTH,
    height: y + 8,
    title: "What refines what",
    desc: placed
      .map(({ node, parent }) =>
        parent === undefined ? `${node.module}.` : `${node.module} ${node.relation} ${parent.node.module}.`,
      )
      .join(" "),
    style: STYLE,
    body: [
      ...notes.map((line, n) => text(MARGIN, 62 + n * 17, line, { kind: "soft" })),
      text(COUNTS.holds, top - 18, "hold", { kind: "small soft", anchor: "end" }),
      text(COUNTS.violated, top - 18, "violated", { kind: "small soft", anchor: "end" }),
      ...placed.flatMap((one) => spines(one, placed)),
      ...placed.map(edge),
      ...placed.map(row),
    ],
  });
}

const left = (depth: number): number => MARGIN + depth * INDENT;

/** The lines from a module to those below it: one for all that stand to it in the same way. */
function spines(parent: Placed, placed: readonly Placed[]): string[] {
  const x = left(parent.depth) + 7;
  const below = placed.filter((one) => one.parent === parent);
  return (["refines", "runs on"] as const).flatMap((relation) => {
    const own = below.filter(({ node }) => node.relation === relation);
    const last = own.at(-1);
    if (last === undefined) return [];
    // The hollow head stands at the module above, as in diagrams of classes.
    const [from, head] =
      relation === "refines"
        ? [parent.y + 16, `<path class="tip" d="M${x - 4} ${parent.y + 16}l4 -8l4 8z"/>`]
        : [parent.y + 9, ""];
    return [`<path class="${KIND[relation]}" d="M${x} ${from}V${last.y}"/>${head}`];
  });
}

const KIND: Readonly<Record<Relation, string>> = { refines: "refines", "runs on": "runs" };

function edge({ node, depth, y, parent }: Placed): string {
  if (parent === undefined || node.relation === undefined) return "";
  const said = `${node.module} ${node.relation} ${parent.node.module}${node.mapping ? `, with ${node.mapping}` : ""}`;
  const x = left(depth - 1) + 7;
  return `<path class="${KIND[node.relation]}" d="M${x} ${y}H${left(depth) - 4}">${hoverTitle(said)}</path>`;
}

function row({ node, depth, y }: Placed): string {
  const x = left(depth);
  // Bold letters are wider.
  const size = depth === 0 ? 16 : 13.5;
  const name = clipped(node.module, NAME - 8, size);
  const from = Math.max(x + widthOf(name, size) + 14, MARGIN + NAME);
  const idea = clipped(node.idea, COUNTS.holds - 34 - from);
  return [
    linked(
      node.href,
      text(x, y + 4, name, {
        kind: depth === 0 ? "head" : "bold",
        ...(name !== node.module && { hover: node.module }),
      }),
    ),
    text(from, y + 4, idea, { kind: "soft", ...(idea !== node.idea && { hover: node.idea }) }),
    ...(node.relation === undefined && node.holds + node.violated === 0
      ? []
      : [
          linked(
            node.claimsHref,
            text(COUNTS.holds, y + 4, `✓ ${node.holds}`, { kind: "good", anchor: "end" }),
            text(COUNTS.violated, y + 4, `✗ ${node.violated}`, { kind: "soft", anchor: "end" }),
          ),
        ]),
  ].join("");
}

const STYLE: Readonly<Record<string, string>> = {
  ".refines": `stroke:${tone("ink")};stroke-width:1.2;fill:none`,
  ".runs": `stroke:${tone("soft")};stroke-width:1.2;stroke-dasharray:3 3;fill:none`,
  ".tip": `stroke:${tone("ink")};stroke-width:1.2;fill:${tone("page")}`,
  ".good": `fill:${tone("good")}`,
};

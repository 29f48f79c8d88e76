import { Graph, layout } from "@dagrejs/dagre";

/** A box to be placed. */
export interface Box {
  readonly width: number;
  readonly height: number;
}

/** An arrow between boxes, named by their indices, and the room that its label takes. */
export interface Arrow {
  readonly from: number;
  readonly to: number;
  readonly label: Box;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Where everything is: the middle of each box, the way of each arrow and the middle of its label. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly Point[];
  readonly arrows: readonly { readonly points: readonly Point[]; readonly label: Point }[];
}

/** Places boxes in layers from the top down, with room for the labels of the arrows. The same input is placed the same. */
export function layered(boxes: readonly Box[], arrows: readonly Arrow[]): Layout {
  const graph = new Graph({ directed: true, multigraph: true });
  graph.setGraph({ rankdir: "TB", nodesep: 26, edgesep: 14, ranksep: 26, marginx: 8, marginy: 8 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const [n, { width, height }] of boxes.entries()) graph.setNode(String(n), { width, height });
  for (const [n, { from, to, label }] of arrows.entries())
    graph.setEdge(
      String(from),
      String(to),
      { width: label.width, height: label.height, labelpos: "c" },
      String(n),
    );
  layout(graph);
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  return {
    width,
    height,
    boxes: boxes.map((_, n) => point(graph.node(String(n)))),
    arrows: arrows.map(({ from, to }, n) => {
      const edge = graph.edge({ v: String(from), w: String(to), name: String(n) }) as {
        readonly points?: readonly Point[];
        readonly x?: number;
        readonly y?: number;
      };
      const points = (edge.points ?? []).map(point);
      return { points, label: edge.x === undefined ? (points[0] ?? { x: 0, y: 0 }) : point(edge) };
    }),
  };
}

function point(at: unknown): Point {
  const { x, y } = at as { readonly x?: number; readonly y?: number };
  return { x: x ?? 0, y: y ?? 0 };
}

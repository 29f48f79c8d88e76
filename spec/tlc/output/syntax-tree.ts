import type { SourceLocation } from "./location.js";

/** An element of SANY's XML; none has attributes, and text stands only in the innermost. */
interface Element {
  readonly name: string;
  readonly children: Element[];
  text: string;
}

/** A part of a property that TLC checks by itself: where it stands, and the definitions that lead to it by name. */
export interface PropertyPart {
  readonly location: SourceLocation;
  readonly definition?: string;
}

/** The parts of properties of a specification, from SANY's syntax tree. */
export class SyntaxTree {
  readonly #definitions = new Map<string, Element>();
  readonly #roots: ReadonlySet<string>;

  /** Takes what SANY's XMLExporter printed; undefined when that is no tree. */
  static read(output: string): SyntaxTree | undefined {
    const from = output.indexOf("<modules>");
    const to = output.lastIndexOf("</modules>");
    return from < 0 || to < from
      ? undefined
      : new SyntaxTree(parse(output.slice(from, to + "</modules>".length)));
  }

  private constructor(modules: Element) {
    const root = textOf(modules, "RootModule");
    const roots = new Set<string>();
    for (const entry of child(modules, "context")?.children ?? []) {
      const uid = textOf(entry, "UID") ?? "";
      const [, kind] = entry.children;
      if (kind === undefined) continue;
      this.#definitions.set(uid, kind);
      if (kind.name !== "ModuleNode" || textOf(kind, "uniquename") !== root) continue;
      for (const one of kind.children)
        if (one.name === "UserDefinedOpKindRef") roots.add(textOf(one, "UID") ?? "");
    }
    this.#roots = roots;
  }

  /** The parts that TLC takes a property apart into: through conjunctions, definitions, instances and []. */
  partsOf(property: string): PropertyPart[] {
    const parts: PropertyPart[] = [];
    const seen = new Set<Element>();
    const visit = (node: Element | undefined, definition?: string): void => {
      if (node === undefined || seen.has(node)) return;
      seen.add(node);
      const location = locationOf(node);
      if (location !== undefined) parts.push({ location, ...(definition !== undefined && { definition }) });
      if (node.name === "SubstInNode" || node.name === "LetInNode") visit(bodyOf(node), definition);
      const [operator] = child(node, "operator")?.children ?? [];
      const used = operator && this.#definitions.get(textOf(operator, "UID") ?? "");
      if (used === undefined) return;
      const name = textOf(used, "uniquename") ?? "";
      if (used.name === "UserDefinedOpKind") visit(bodyOf(used), name);
      else if (TAKEN_APART.has(name))
        for (const operand of child(node, "operands")?.children ?? []) visit(operand, definition);
    };
    for (const [uid, kind] of this.#definitions) {
      if (
        this.#roots.has(uid) &&
        kind.name === "UserDefinedOpKind" &&
        textOf(kind, "uniquename") === property
      )
        visit(bodyOf(kind), property);
    }
    return parts;
  }
}

/** The operators that TLC looks through. */
const TAKEN_APART: ReadonlySet<string> = new Set(["\\land", "$ConjList", "[]"]);

function bodyOf(node: Element): Element | undefined {
  return child(node, "body")?.children[0];
}

function child(node: Element, name: string): Element | undefined {
  return node.children.find((one) => one.name === name);
}

function textOf(node: Element, name: string): string | undefined {
  return child(node, name)?.text;
}

function locationOf(node: Element): SourceLocation | undefined {
  const location = child(node, "location");
  if (location === undefined) return undefined;
  const [line, column] = [child(location, "line"), child(location, "column")];
  const number = (of: Element | undefined, name: string): number => Number(of && textOf(of, name));
  const module = textOf(location, "filename");
  return {
    ...(module !== undefined && { module }),
    line: number(line, "begin"),
    column: number(column, "begin"),
    endLine: number(line, "end"),
    endColumn: number(column, "end"),
  };
}

const ENTITIES: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

function parse(xml: string): Element {
  const top: Element = { name: "", children: [], text: "" };
  const open = [top];
  for (const [, end, name = "", empty, text = ""] of xml.matchAll(/<(\/?)([\w-]+)[^>]*?(\/?)>([^<]*)/g)) {
    if (end === "/") {
      if (open.length > 1) open.pop();
      continue;
    }
    const element: Element = {
      name,
      children: [],
      text: text.trim().replace(/&(\w+);/g, (all, one: string) => ENTITIES[one] ?? all),
    };
    open.at(-1)?.children.push(element);
    if (empty !== "/") open.push(element);
  }
  return top.children[0] ?? top;
}

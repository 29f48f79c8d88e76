import { readFileSync } from "node:fs";
import { basename, relative, sep } from "node:path";
import { look } from "../../../spec/tlc/base/walk.js";
import type { Claim } from "../../../spec/tlc/claim/claim.js";
import { readConfig } from "../../../spec/tlc/claim/config.js";
import { mentionedModules, withoutComments } from "../../../spec/tlc/claim/modules.js";
import { linkTo, relativeLink } from "../markdown/place.js";
import { type ModuleNode, refinementSvg } from "../picture/refinement.js";

/** The picture of what refines what, from the root. */
export const REFINEMENTS_PICTURE = "spec/generated/refinements.svg";

/** The module on which programs run. */
const MACHINE = "Machine";

/** A module of the specification, as far as the tree needs it. */
export interface ModuleText {
  readonly name: string;
  /** From the root of the repository. */
  readonly path: string;
  readonly text: string;
}

/** A definition that says that a module's behaviours are another's: `Abstract == INSTANCE M WITH ...`, `P == Abstract!Spec`. */
export interface Refinement {
  readonly module: string;
  readonly of: string;
  /** The property's name, as a claim's PROPERTY has it. */
  readonly property: string;
  /** What stands for the other module's variables and constants. */
  readonly mapping: string;
}

const FORMULA = /^(?:Spec|Safety|FairSpec|LiveSpec)\w*$/;

/** The refinements that a module states. */
export function refinementsIn({ name, text }: ModuleText): Refinement[] {
  const code = withoutComments(text);
  const instances = [
    ...code.matchAll(
      /^\s*(\w+)\s*==\s*INSTANCE\s+(\w+)(?:\s+WITH\s+([\s\S]*?))?(?=\n\s*\n|\n\S|\n={4,}|$(?![\s\S]))/gm,
    ),
  ];
  return instances.flatMap(([, instance = "", of = "", given = ""]) => {
    const uses = code.matchAll(new RegExp(`^\\s*(\\w+)\\s*==\\s*${instance}!(\\w+)\\s*$`, "gm"));
    return [...uses].flatMap(([, property = "", formula = ""]) =>
      FORMULA.test(formula)
        ? [{ module: name, of, property, mapping: given.replaceAll(/\s+/g, " ").trim() }]
        : [],
    );
  });
}

/** What a module is about: the first sentence of its comment. */
export function ideaOf(text: string): string {
  const lines = text.split("\n");
  const first = lines.findIndex((line) => /^\(\*.*\*\)\s*$/.test(line));
  if (first < 0) return "";
  const rest = lines.slice(first);
  const end = rest.findIndex((line) => !/^\(\*.*\*\)\s*$/.test(line));
  const words = (end < 0 ? rest : rest.slice(0, end)).map((line) =>
    line.slice(2, line.lastIndexOf("*)")).trim(),
  );
  const paragraph = words.slice(0, words.indexOf("") < 0 ? words.length : words.indexOf("")).join(" ");
  const sentence = /^.*?[.?!:](?=\s|$)/.exec(paragraph)?.[0].replace(/:$/, ".") ?? paragraph;
  return sentence.replaceAll(/\*(\w+)\*/g, "$1");
}

/** The modules below a folder of specifications. */
export async function readModules(spec: string, root: string): Promise<ModuleText[]> {
  const { files } = await look(spec, ".tla");
  return files
    .map((file) => ({
      name: basename(file, ".tla"),
      path: relative(root, file).split(sep).join("/"),
      text: readFileSync(file, "utf8"),
    }))
    .toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/**
 * The tree of refinements, read from modules and claims: a module is below another when it states that it refines it, and
 * a claim checks that; or, below the machine, when it extends it and has claims. Modules of mutants count for the module
 * that they are mutants of.
 */
export function refinementTree(
  modules: readonly ModuleText[],
  claims: readonly Claim[],
  from = REFINEMENTS_PICTURE,
): ModuleNode[] {
  const known = new Map(modules.map((module) => [module.name, module]));
  const parents = new Map(
    modules.map(({ name, text }) => [
      name,
      mentionedModules(text, "EXTENDS").filter((one) => known.has(one)),
    ]),
  );
  const extended = new Map<string, ReadonlySet<string>>();
  /** A module with all that it extends. */
  const above = (name: string): ReadonlySet<string> => {
    const known = extended.get(name);
    if (known !== undefined) return known;
    const all = new Set([name]);
    for (const one of all) for (const parent of parents.get(one) ?? []) all.add(parent);
    extended.set(name, all);
    return all;
  };
  const stated = modules.flatMap(refinementsIn);
  const byProperty = claimsByProperty(
    claims,
    stated.map(({ property }) => property),
  );
  const moduleOf = (claim: Claim): string => basename(claim.module, ".tla");
  const ownerOf = (name: string): string => {
    const base = name.replace(/Mutants$/, "");
    return base !== name && known.has(base) ? base : name;
  };
  const leaf = (name: string, own: readonly Claim[]): Omit<ModuleNode, "children"> => {
    const module = known.get(name);
    const shown = own.find(({ declared }) => declared.verdict === "holds") ?? own[0];
    return {
      module: name,
      idea: ideaOf(module?.text ?? ""),
      holds: own.filter(({ declared }) => ["holds", "forbidden"].includes(declared.verdict)).length,
      violated: own.filter(({ declared }) => ["violated", "allowed"].includes(declared.verdict)).length,
      ...(module !== undefined && { href: relativeLink(module.path, from) }),
      ...(shown !== undefined && { claimsHref: linkTo(shown, from) }),
    };
  };
  const refiners = (of: string): ModuleNode[] =>
    stated
      .filter((one) => one.of === of)
      .flatMap(({ module, property, mapping }) => {
        const own = (byProperty.get(property) ?? []).filter((claim) => above(moduleOf(claim)).has(module));
        if (own.length === 0) return [];
        return [
          {
            ...leaf(module, own),
            relation: "refines" as const,
            ...(mapping !== "" && { mapping }),
            children: refiners(module),
          },
        ];
      });
  const programs = (of: string): ModuleNode[] =>
    modules
      .filter(({ name }) => ownerOf(name) === name && parents.get(name)?.includes(of))
      .flatMap(({ name }) => {
        const own = claims.filter((claim) => ownerOf(moduleOf(claim)) === name);
        const children = programs(name);
        if (own.length === 0 && children.length === 0) return [];
        return [{ ...leaf(name, own), relation: "runs on" as const, children }];
      });
  const roots = [...new Set(stated.map(({ of }) => of))].filter(
    (name) => known.has(name) && !stated.some(({ module }) => module === name),
  );
  const own = (name: string): Claim[] => claims.filter((claim) => ownerOf(moduleOf(claim)) === name);
  return [
    ...roots
      .map((name) => ({ ...leaf(name, own(name)), children: refiners(name) }))
      .toSorted((a, b) => b.children.length - a.children.length),
    ...(known.has(MACHINE) ? [{ ...leaf(MACHINE, own(MACHINE)), children: programs(MACHINE) }] : []),
  ].filter(({ children }) => children.length > 0);
}

/** The claims that check each of these properties. To read every configuration takes seconds, and few name one. */
function claimsByProperty(claims: readonly Claim[], properties: readonly string[]): Map<string, Claim[]> {
  const found = new Map<string, Claim[]>();
  for (const claim of claims) {
    if (!properties.some((property) => claim.config.includes(property))) continue;
    for (const property of readConfig(claim.config).properties)
      found.set(property, [...(found.get(property) ?? []), claim]);
  }
  return found;
}

/** The picture as a generated file. */
export async function refinementFiles(
  root: string,
  spec: string,
  claims: readonly Claim[],
): Promise<{ readonly path: string; readonly text: string }[]> {
  return [{ path: REFINEMENTS_PICTURE, text: await drawRefinements(root, spec, claims) }];
}

/** The picture, for a file at this path from the root. */
export async function drawRefinements(
  root: string,
  spec: string,
  claims: readonly Claim[],
  from = REFINEMENTS_PICTURE,
): Promise<string> {
  return refinementSvg(refinementTree(await readModules(spec, root), claims, from));
}

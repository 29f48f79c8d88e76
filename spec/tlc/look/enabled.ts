import type { Claim } from "../claim/claim.js";
import { readConfig } from "../claim/config.js";
import type { ModuleClosure, ModuleFile } from "../claim/modules.js";
import { ASKED, ENABLED } from "../output/property-use.js";
import { type LeftSide, leftSideOf } from "./left-side.js";

/** The invariant that the module of enabledModule has; it is always true. */
const INVARIANT = "QuiesceEnabled";
/** The first of TLC's registers that say which have been printed. */
const REGISTER = 770_001;

/** A model that says which of its properties are ever put to the test. */
export interface Enabled {
  /** What TLC runs in place of the model. */
  readonly module: ModuleFile;
  readonly config: string;
}

/**
 * The model of a claim, extended so that TLC prints the name of each property `L => R` or `L ~> R` in the first state in
 * which L is true. It has the same states. Undefined where there is no such property.
 */
export function enabledModule(claim: Pick<Claim, "config">, { files }: ModuleClosure): Enabled | undefined {
  const [model] = files;
  const { invariants, properties, view } = readConfig(claim.config);
  // TLC takes a view from another module for a constant, and refuses it.
  if (view !== undefined) return undefined;
  const sides = [...new Set([...invariants, ...properties])].flatMap((name) => leftSideOf(name, files) ?? []);
  if (model === undefined || sides.length === 0) return undefined;
  const name = `${model.name}Enabled`;
  const tlc = `${INVARIANT}TLC`;
  const text = [
    `---- MODULE ${name} ----`,
    `EXTENDS ${model.name}`,
    `${tlc} == INSTANCE TLC`,
    ...sides.flatMap(({ expression }, i) => [`${INVARIANT}${i} ==`, expression]),
    ...sides.map(
      (side, i) => `ASSUME ${tlc}!TLCSet(${REGISTER + i}, FALSE) /\\ ${tlc}!PrintT("${asked(side)}")`,
    ),
    `${INVARIANT} ==`,
    ...sides.flatMap(({ property }, i) => [
      `  /\\ \\/ ${tlc}!TLCGet(${REGISTER + i})`,
      `     \\/ ${INVARIANT}${i} => /\\ ${tlc}!PrintT("${ENABLED} ${property}")`,
      `        ${" ".repeat(INVARIANT.length + String(i).length + 4)}/\\ ${tlc}!TLCSet(${REGISTER + i}, TRUE)`,
    ]),
    "====",
    "",
  ].join("\n");
  const config = `${claim.config}\nINVARIANT ${INVARIANT}\n`;
  return { module: { name, path: `${name}.tla`, text }, config };
}

function asked({ property, module, line }: LeftSide): string {
  return `${ASKED} ${property} in ${module.name} line ${line}`;
}

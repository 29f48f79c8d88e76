import { closeModules, withoutComments } from "../../spec/tlc/claim/modules.js";
import type { Tools } from "../../spec/tlc/tools/tools.js";
import { dumpGraph } from "./dump.js";
import type { Model } from "./model.js";

/**
 * A first version of a model's contract, to be put right by hand: the actions that TLC names in its state graph, with what
 * their definitions and quantifiers say of their parameters, and a word for each variable.
 */
export async function draftContract(
  model: Model,
  options: { readonly tools: Tools; readonly signal?: AbortSignal },
): Promise<string> {
  const { files } = await closeModules(model.module, model.root);
  const text = files.map((file) => withoutComments(file.text)).join("\n");
  const graph = await dumpGraph({ model, ...options });
  const actions = [...new Set(graph.edges.map(({ action }) => action))].sort();
  const sets = new Map<string, string>();
  for (const [, bound = ""] of text.matchAll(/\\E\s+([^:]+):/g)) {
    // `a, b \in S, c \in T`: a comma within brackets is a part of a set.
    let names: string[] = [];
    for (const part of atCommas(bound)) {
      const [name = "", set] = part.split(/\\in\b/).map((text) => text.trim());
      names.push(name);
      if (set === undefined) continue;
      for (const one of names) sets.set(one, set.replace(/\s+/g, " "));
      names = [];
    }
  }
  const lanes = new Map<string, string>();
  const steps: Record<string, unknown> = {};
  for (const action of actions) {
    const [, list = ""] = new RegExp(`^\\s*${action}\\(([^)]*)\\)\\s*==`, "m").exec(text) ?? [];
    const parameters = list
      .split(",")
      .map((name) => name.trim())
      .filter((name) => name !== "");
    const [lane] = parameters;
    const setOf = (name: string): string => sets.get(name) ?? "TODO";
    if (lane !== undefined) lanes.set(setOf(lane), laneKind(setOf(lane)));
    steps[action] =
      lane === undefined
        ? {}
        : { parameters: Object.fromEntries(parameters.map((name) => [name, setOf(name)])), lane };
  }
  const variables = [...(graph.states[0]?.variables.keys() ?? [])];
  const draft = {
    lanes: [...lanes].map(([set, name]) => ({ name, set })),
    steps,
    words: variables.map((name) => ({ name, value: name })),
  };
  return `${JSON.stringify(draft, null, 2)}\n`;
}

/** What a lane of this set could be called: `producer` for Producers; `lane` where the set has no name. */
function laneKind(set: string): string {
  return /^[A-Za-z]\w*$/.test(set) && set !== "TODO" ? set.toLowerCase().replace(/s$/, "") : "lane";
}

/** The parts of a text between its commas, but for those within brackets and quotation marks. */
export function atCommas(text: string): string[] {
  const parts = [""];
  let depth = 0;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|<<|>>|[\s\S]/g)) {
    if (["(", "[", "{", "<<"].includes(token)) depth++;
    else if ([")", "]", "}", ">>"].includes(token)) depth--;
    if (token === "," && depth === 0) parts.push("");
    else parts[parts.length - 1] += token;
  }
  return parts;
}

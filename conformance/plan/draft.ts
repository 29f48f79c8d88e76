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
  for (const [, bound = ""] of text.matchAll(/\\E\s+([^:]+):/g))
    for (const [, names = "", set = ""] of bound.matchAll(/(\w+(?:\s*,\s*\w+)*)\s*\\in\s+([^,]+)/g))
      for (const name of names.split(",")) sets.set(name.trim(), set.trim());
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
    if (lane !== undefined) lanes.set(setOf(lane), setOf(lane).toLowerCase().replace(/s$/, ""));
    steps[action] =
      lane === undefined
        ? {}
        : { parameters: Object.fromEntries(parameters.map((name) => [name, setOf(name)])), lane };
  }
  const variables = [...(graph.states[0]?.variables.keys() ?? [])];
  const draft = {
    lanes: [...lanes].map(([set, name]) => ({ name: name === "todo" ? "lane" : name, set })),
    steps,
    words: variables.map((name) => ({ name, value: name })),
  };
  return `${JSON.stringify(draft, null, 2)}\n`;
}

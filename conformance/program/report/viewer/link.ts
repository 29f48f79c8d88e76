/** What is open: a view of many findings, or a finding, with a step of its run and a state of its graph, and a second one beside it. */
export interface Place {
  readonly view?: string;
  readonly id?: string;
  readonly step: number;
  /** The state of the graph that is looked at. */
  readonly state?: number;
  /** The step of a recording. */
  readonly box?: number;
  readonly beside?: string;
  readonly besideStep: number;
}

/** Reads the address: `#id=rcu/Urcu&step=7`. Anything else is nothing. */
export function readPlace(hash: string): Place {
  const values = new URLSearchParams(hash.replace(/^#/, ""));
  const number = (name: string): number | undefined => {
    const text = values.get(name);
    const value = Number(text);
    return text !== null && /^\d+$/.test(text) && Number.isSafeInteger(value) ? value : undefined;
  };
  const id = values.get("id");
  const view = values.get("view");
  const beside = values.get("beside");
  const state = number("state");
  const box = number("box");
  return {
    ...(view !== null && { view }),
    ...(id !== null && { id }),
    step: number("step") ?? 0,
    ...(state !== undefined && { state }),
    ...(box !== undefined && { box }),
    ...(beside !== null && { beside }),
    besideStep: number("beside-step") ?? 0,
  };
}

export function writePlace({ view, id, step, state, box, beside, besideStep }: Place): string {
  const values = new URLSearchParams();
  if (view !== undefined) values.set("view", view);
  if (id !== undefined) values.set("id", id);
  if (step > 0) values.set("step", String(step));
  if (state !== undefined) values.set("state", String(state));
  if (box !== undefined) values.set("box", String(box));
  if (beside !== undefined) values.set("beside", beside);
  if (besideStep > 0) values.set("beside-step", String(besideStep));
  return `#${values.toString()}`;
}

/** Nothing is open. */
export const NOWHERE: Place = { step: 0, besideStep: 0 };

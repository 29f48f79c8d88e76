/** What is open: a finding, a step of its run, and a second finding beside it. It is kept in the page's address. */
export interface Place {
  readonly id?: string;
  readonly step: number;
  readonly beside?: string;
  readonly besideStep: number;
}

/** Reads the address: `#id=rcu/Urcu&step=7`. Anything else is nothing. */
export function readPlace(hash: string): Place {
  const values = new URLSearchParams(hash.replace(/^#/, ""));
  const number = (name: string): number => {
    const value = Number(values.get(name) ?? "0");
    return Number.isInteger(value) && value >= 0 ? value : 0;
  };
  const id = values.get("id");
  const beside = values.get("beside");
  return {
    ...(id !== null && { id }),
    step: number("step"),
    ...(beside !== null && { beside }),
    besideStep: number("beside-step"),
  };
}

export function writePlace({ id, step, beside, besideStep }: Place): string {
  const values = new URLSearchParams();
  if (id !== undefined) values.set("id", id);
  if (step > 0) values.set("step", String(step));
  if (beside !== undefined) values.set("beside", beside);
  if (besideStep > 0) values.set("beside-step", String(besideStep));
  return `#${values.toString()}`;
}

/** Two operations on one fresh world that race, and what must hold after both. */
export interface Race {
  readonly one: () => void;
  /** Must be able to end while the other one stands still. */
  readonly other: () => void;
  /** Called before each atomic operation of `one`. */
  readonly hears?: (operation: Operation, values: readonly unknown[]) => void;
  /** What is wrong, in words; null if nothing is. */
  readonly problem: () => string | null;
}

/** The operations of Atomics that the library uses. */
const OPERATIONS = ["load", "store", "exchange", "compareExchange", "add", "sub", "notify"] as const;
export type Operation = (typeof OPERATIONS)[number];

/**
 * Runs `one` again and again, each time on a fresh world, with `other` as a whole before its first atomic operation,
 * before its second one, and so on. So it needs no luck, as threads would; it finds what a single operation of another
 * thread between two atomic ones can break.
 *
 * @returns what was wrong, a line for each place where something was; none if nothing was
 */
export function interleave(race: () => Race): string[] {
  const problems: string[] = [];
  for (let turn = 1; ; turn++) {
    const { one, other, hears, problem } = race();
    let left = turn;
    listening((operation, values) => {
      if (--left === 0) other();
      hears?.(operation, values);
    }, one);
    if (left > 0) return problems;
    const wrong = problem();
    if (wrong !== null) problems.push(`before atomic operation ${turn}: ${wrong}`);
  }
}

/** Runs `body`, and before each atomic operation of it (not of `before` itself) `before`. */
function listening(
  before: (operation: Operation, values: readonly unknown[]) => void,
  body: () => void,
): void {
  const atomics = Atomics as unknown as Record<string, (...values: unknown[]) => unknown>;
  const originals = OPERATIONS.map((name) => [name, atomics[name]] as const);
  let deaf = false;
  for (const [name, original] of originals) {
    atomics[name] = (...values) => {
      if (!deaf) {
        deaf = true;
        before(name, values);
        deaf = false;
      }
      return original?.(...values);
    };
  }
  try {
    body();
  } finally {
    for (const [name, original] of originals) if (original !== undefined) atomics[name] = original;
  }
}

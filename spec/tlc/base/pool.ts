/**
 * Does `work` for each item, at most `limit` at once, in order of the items; returns the results in that order. Work
 * that only has to wait for its own end may pass its place on to the next by calling `release`. When one throws, no
 * more are started, `onFailure` is called so that those under way can be stopped, and the first error is thrown once
 * all have ended: nothing goes on behind the caller's back.
 */
export async function inParallel<T, R>(
  items: readonly T[],
  limit: number,
  work: (item: T, index: number, release: () => void) => Promise<R>,
  onFailure: () => void = () => undefined,
): Promise<R[]> {
  const results: R[] = [];
  const failures: unknown[] = [];
  const ends: Promise<void>[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length && failures.length === 0) {
      const index = next++;
      await new Promise<void>((release) => {
        const end = work(items[index] as T, index, release).then(
          (result) => {
            results[index] = result;
          },
          (error: unknown) => {
            failures.push(error);
            onFailure();
          },
        );
        ends.push(end);
        void end.then(release);
      });
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, limit) }, worker));
  await Promise.all(ends);
  if (failures.length > 0) throw failures[0];
  return results;
}

/** Returns a function that does what it is given, at most `limit` at once, the others waiting in order. */
export function atMost(limit: number): <R>(work: () => Promise<R>) => Promise<R> {
  const waiting: (() => void)[] = [];
  let now = 0;
  return async (work) => {
    if (now >= limit) await new Promise<void>((resolve) => waiting.push(resolve));
    else now++;
    try {
      return await work();
    } finally {
      // The place is handed on, not given back, so nobody else can take it in between.
      const next = waiting.shift();
      if (next === undefined) now--;
      else next();
    }
  };
}

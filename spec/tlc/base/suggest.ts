/** The candidate that a misspelt word most likely meant, or undefined. A difference in case costs nothing. */
export function suggest(word: string, candidates: Iterable<string>): string | undefined {
  return nearest(word, candidates, { most: 1, apart: Math.max(1, Math.floor(word.length / 3)) })[0];
}

/** What is much further away than the nearest candidate is not meant. */
const FURTHER = 2;

/** The candidates that are at most `apart` letters from a word, the nearest first, and no more than `most`. */
export function nearest(
  word: string,
  candidates: Iterable<string>,
  { most, apart }: { readonly most: number; readonly apart: number },
): string[] {
  const near = [...new Set(candidates)]
    .map((candidate) => ({ candidate, far: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ far }) => far <= apart)
    .sort((a, b) => a.far - b.far);
  return near
    .filter(({ far }) => far <= (near[0]?.far ?? 0) + FURTHER)
    .slice(0, most)
    .map(({ candidate }) => candidate);
}

/** How many letters must be added, removed, changed or swapped with their neighbour. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let d = Math.min(change, (row[j] as number) + 1, (next[j - 1] as number) + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        d = Math.min(d, (before[j - 2] as number) + 1);
      }
      next.push(d);
    }
    before = row;
    row = next;
  }
  return row[b.length] as number;
}

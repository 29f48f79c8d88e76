/** Long enough for whatever a busy machine puts off; what waits for it goes on as soon as it is so. */
const PATIENCE_MS = 300_000;

/**
 * Looks again and again until there is something, which it returns.
 *
 * @param what what is waited for, for the message
 * @throws Error when it has not come about within five minutes
 */
export async function seen<T>(what: string, look: () => T | undefined | false): Promise<T> {
  const from = Date.now();
  for (;;) {
    const found = look();
    if (found !== undefined && found !== false) return found;
    if (Date.now() - from > PATIENCE_MS) throw new Error(`it didn't come to this within 5 minutes: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/**
 * Asks again until the answer is as it should be: where others run on the processors, what is looked for is not seen each
 * time, and what is measured is not always what it would be. A test that asks so fails only for what never comes about.
 *
 * @param isSo whether an answer will do
 * @param tries how often it is asked at most
 * @returns the first such answer; where there is none, the last answer, which is then for the test to refuse
 */
export async function asked<T>(ask: () => Promise<T>, isSo: (answer: T) => boolean, tries = 20): Promise<T> {
  let answer = await ask();
  for (let n = 1; n < tries && !isSo(answer); n++) answer = await ask();
  return answer;
}

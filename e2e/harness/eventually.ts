const POLL_MS = 25;

/**
 * Asks again and again until the answer is neither false nor missing, and returns it. An error that `probe` throws counts as "not yet".
 * @param what completes the sentence "waited … for" in the error
 * @throws Error when that has not come about in time; its cause is the last error of `probe`
 */
export async function eventually<T>(
  what: string,
  probe: () => T | Promise<T>,
  withinMs = 10_000,
): Promise<Exclude<T, false | null | undefined>> {
  const deadline = performance.now() + withinMs;
  let cause: unknown;
  do {
    try {
      const answer = await probe();
      if (answer !== false && answer !== null && answer !== undefined) {
        return answer as Exclude<T, false | null | undefined>;
      }
    } catch (error) {
      cause = error;
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  } while (performance.now() < deadline);
  throw new Error(`waited ${withinMs} ms in vain for ${what}`, { cause });
}

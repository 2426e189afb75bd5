/**
 * Makes a queue for requests that the cloud takes only a few of at once from one person.
 * @param atOnce how many of them run together
 * @returns runs what it is given when its turn has come, in the order of the calls
 */
export function inTurns(atOnce: number): <T>(run: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let running = 0;
  const begin = async (): Promise<void> => {
    if (running >= atOnce) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
  };
  const end = (): void => {
    const next = waiting.shift();
    if (next === undefined) running -= 1;
    else next();
  };
  return async (run) => {
    await begin();
    try {
      return await run();
    } finally {
      end();
    }
  };
}

import { ApiError } from '@cloudchamber/contract/client';

export interface Failure {
  readonly id: string;
  readonly error: unknown;
}

export interface RunEachOptions {
  readonly ids: readonly string[];
  /** Changes one device. */
  run(id: string): Promise<unknown>;
  /** @param done how many are over, well or not */
  onProgress(done: number): void;
  /** Waits that long, s. */
  wait(seconds: number): Promise<void>;
}

const AT_ONCE = 4;

/** Changes devices one by one, four at a time. One that fails holds up no other; when the cloud asks to slow down, it waits as long as that says. @returns those that failed */
export async function runEach({ ids, run, onProgress, wait }: RunEachOptions): Promise<Failure[]> {
  const failures: Failure[] = [];
  const rest = ids.values();
  let done = 0;
  const work = async () => {
    for (const id of rest) {
      try {
        await runPatiently(() => run(id), wait);
      } catch (error) {
        failures.push({ id, error });
      }
      done += 1;
      onProgress(done);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return failures;
}

async function runPatiently(run: () => Promise<unknown>, wait: (seconds: number) => Promise<void>): Promise<void> {
  for (;;) {
    try {
      await run();
      return;
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 429 || error.retryAfterSeconds === undefined) throw error;
      await wait(error.retryAfterSeconds);
    }
  }
}

import { failureOf } from '../../failure/failure-of.ts';
import type { Context } from '../../program/context.ts';
import { atMost } from './at-most.ts';
import { csvLine } from './csv-line.ts';
import { labelOf, valueLines } from './device-text.ts';
import { type Device, findDevice } from './find-device.ts';
import { AT_ONCE, devicesWith, type Value } from './read-everywhere.ts';
import { readVariable } from './read-variable.ts';

interface Monitoring {
  /** Id, name, or `all`: every device that has the variable. */
  readonly device: string;
  readonly variable: string;
  /** ms between the begins of two readings of a device; a reading that takes longer delays the next. */
  readonly intervalMs: number;
  /** Prints when each value came. */
  readonly time: boolean;
  readonly product?: string | undefined;
}

interface Surroundings extends Pick<Context, 'cloud' | 'out' | 'clock'> {
  /** Resolves after so many ms. @throws CliError of kind `interrupted` */
  pause(ms: number): Promise<void>;
}

type Read = Value & { readonly time: string };

const LEAST_MS = 500;
/** What passes, so that the next reading may work. */
const PASSING: ReadonlySet<string> = new Set(['offline', 'rate-limited']);

/**
 * Reads a variable again and again (CLI-41), and prints each value: as a line, as a record of CSV when stdout is no terminal and times are wanted. A reading that
 * fails because a device is offline is warned of, once until it answers again.
 * @throws CliError of kind `interrupted` at Ctrl-C, which is how it ends; of another kind when there is nothing to read
 */
export async function monitorVariable(surroundings: Surroundings, monitoring: Monitoring): Promise<void> {
  const { cloud, out, clock, pause } = surroundings;
  const { device, variable, time, product } = monitoring;
  const intervalMs = Math.max(LEAST_MS, monitoring.intervalMs);
  if (intervalMs !== monitoring.intervalMs) out.note(`The shortest delay is ${LEAST_MS} ms: that is used`);
  const all = device === 'all';
  const devices = all
    ? await devicesWith({ cloud }, { variable, product })
    : [await findDevice(cloud, device, product)];
  const limit = atMost(AT_ONCE);
  const csv = time && !out.terminal && !out.json;
  let headed = false;
  const print = (read: Read): void => {
    const data = { time: read.time, id: read.id, name: read.name, variable, value: read.value };
    if (!csv) {
      out.item(data, textOf(read, { all, time }));
      return;
    }
    if (!headed) out.item(data, `${csvLine(['time', 'id', 'name', variable])}\r`);
    headed = true;
    out.item(data, `${csvLine([read.time, read.id, read.name, read.value])}\r`);
  };
  const follow = async (one: Device): Promise<void> => {
    const { id, name } = one;
    let seen = false;
    let failing = false;
    for (;;) {
      const begun = clock.monotonic();
      try {
        const reply = await limit(() => readVariable({ cloud }, { device: id, variable, product }));
        if (failing) out.note(`${labelOf(one)} answers again`);
        [seen, failing] = [true, false];
        print({ time: new Date(clock.now()).toISOString(), id, name, value: reply.result });
      } catch (error) {
        const failure = failureOf(error);
        const passing = PASSING.has(failure.kind) || (failure.kind === 'server' && seen);
        if (!passing) throw failure;
        if (!failing) out.warn(`${labelOf(one)}: ${failure.message}`);
        failing = true;
      }
      await pause(Math.max(0, intervalMs - (clock.monotonic() - begun)));
    }
  };
  await Promise.all(devices.map(follow));
}

/** A line for people: with the device when there are several, then the time when it is wanted, then the value. */
function textOf(
  { id, time, value }: Read,
  wanted: { readonly all: boolean; readonly time: boolean },
): readonly string[] {
  const [first = '', ...others] = valueLines(value);
  return [[...(wanted.all ? [id] : []), ...(wanted.time ? [time] : []), first].join(', '), ...others];
}

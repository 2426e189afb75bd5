import { resolve } from 'node:path';
import { ChamberError } from '@cloudchamber/kernel';
import { type CommandOptions, type OptionValues, optionsFrom, runCommand } from '@cloudchamber/virtual-device';
import { CliError } from '../../failure/cli-error.ts';
import type { Context } from '../../program/context.ts';
import { DEFAULT_NAME, expectNone, folderOf, removeRun, writeRun } from './run-files.ts';

type Part = Pick<Context, 'settings' | 'cwd'>;

/** A device that is online. */
export interface Online {
  readonly id: string;
  readonly name: string;
}

/** Keeps Node running while all devices wait for their next attempt. */
const HOLD_MS = 60_000;

/** Values of the command line, with the cloud and the token of the settings. @throws ChamberError `usage` that names the option at fault */
export function virtualOptions(name: string, values: OptionValues, { settings, cwd }: Part): CommandOptions {
  return optionsFrom({
    ...values,
    api: settings.apiUrl,
    token: settings.token,
    state: values.state === undefined ? folderOf(settings, name) : resolve(cwd, values.state),
    'server-key': values['server-key'] === undefined ? undefined : resolve(cwd, values['server-key']),
    'name-prefix': values['name-prefix'] ?? (name === DEFAULT_NAME ? undefined : name),
  });
}

/**
 * Runs virtual devices until an interruption; then they say Goodbye.
 * @param connected is told once, when all of them are online
 * @throws CliError when they cannot be started
 */
export async function startVirtual(
  name: string,
  values: OptionValues,
  context: Part & Pick<Context, 'out' | 'clock' | 'interrupted'>,
  connected: (devices: readonly Online[]) => void,
): Promise<void> {
  const { out, settings, clock, interrupted } = context;
  const options = virtualOptions(name, values, context);
  const folder = folderOf(settings, name);
  await expectNone(folder, name);
  if (options.token === undefined) out.note('Not logged in: the cloud has to know the devices already.');
  const stop = new Promise<void>((done) => {
    if (interrupted.aborted) done();
    else interrupted.addEventListener('abort', () => done(), { once: true });
  });
  const hold = setInterval(() => {}, HOLD_MS);
  try {
    await runCommand(options, (line) => out.note(line), stop, {
      locked: () =>
        writeRun(folder, {
          count: options.count,
          cloud: settings.apiUrl,
          since: new Date(clock.now()).toISOString(),
          state: options.state,
        }),
      connected: (devices) => connected(devices.map((device) => ({ id: device.deviceId, name: device.name }))),
    });
  } catch (error) {
    throw inKinds(error);
  } finally {
    clearInterval(hold);
    await removeRun(folder);
  }
}

/** Gives what the cloud refused, or did not answer, its exit code. */
function inKinds(error: unknown): unknown {
  if (!(error instanceof ChamberError)) return error;
  const { code, message, details } = error;
  const told = { cause: error };
  if (code === 'cloud.unreachable' || code === 'cloud.bad_answer') return new CliError('server', message, told);
  if (code !== 'cloud.refused') return error;
  const { status } = details;
  if (status === 401) return new CliError('login', message, { ...told, next: 'Log in with "chamber login".' });
  if (status === 403) return new CliError('forbidden', message, told);
  return new CliError(typeof status === 'number' && status >= 500 ? 'server' : 'failure', message, told);
}

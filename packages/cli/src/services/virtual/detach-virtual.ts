import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, open, readFile } from 'node:fs/promises';
import type { OptionValues } from '@cloudchamber/virtual-device';
import { CliError } from '../../failure/cli-error.ts';
import { EXIT_CODES, type FailureKind } from '../../failure/exit-codes.ts';
import { printable } from '../../output/printable.ts';
import type { Context } from '../../program/context.ts';
import { expectNone, folderOf, logOf } from './run-files.ts';
import { type Online, virtualOptions } from './start-virtual.ts';

export interface Detached {
  readonly name: string;
  readonly pid: number;
  readonly cloud: string;
  readonly state: string;
  readonly log: string;
  readonly devices: readonly Online[];
}

interface Request {
  readonly name: string;
  readonly values: OptionValues;
  /** Without secrets: what `chamber` is told to run the same in the foreground. */
  readonly args: readonly string[];
  /** A Node, and the file of `chamber`. */
  readonly program: readonly [node: string, file: string];
  /** For all devices to be online, besides the time in which they begin. */
  readonly waitSeconds: number;
}

const LINES_TOLD = 8;
/** Of a Goodbye, and some more. */
const ENDING_MS = 10_000;

/** What the process in the background says once, to the one that started it. */
interface ConnectedMessage {
  readonly connected: readonly Online[];
}

/**
 * Starts virtual devices in a process of their own and waits until all are online. The process finds cloud and token in the settings, as this one did.
 * @throws CliError with the end of its log when it ends before, or they are not online in time: it is ended then
 */
export async function detachVirtual(
  { name, values, args, program: [node, file], waitSeconds }: Request,
  context: Pick<Context, 'settings' | 'cwd' | 'env' | 'interrupted'>,
): Promise<Detached> {
  const { settings, cwd, env, interrupted } = context;
  const options = virtualOptions(name, values, context);
  const folder = folderOf(settings, name);
  await expectNone(folder, name);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const log = logOf(folder);
  const output = await open(log, 'w', 0o600);
  let child: ChildProcess;
  try {
    child = spawn(node, [file, ...args], {
      cwd,
      env: { ...env, CHAMBER_API_URL: settings.apiUrl, CHAMBER_PROFILE: settings.profile },
      detached: true,
      windowsHide: true,
      stdio: ['ignore', output.fd, output.fd, 'ipc'],
    });
  } finally {
    await output.close();
  }
  const ended = new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? EXIT_CODES.failure));
  });
  const seconds = waitSeconds + options.count / options.rate;
  const outcome = await first(child, ended, seconds, interrupted);
  if (typeof outcome === 'object') {
    if (child.connected) child.disconnect();
    child.unref();
    const { apiUrl: cloud } = settings;
    return { name, pid: child.pid ?? 0, cloud, state: options.state, log, devices: outcome.connected };
  }
  const told = { next: [...(await endOf(log)), `All of it is in ${log}`].join('\n') };
  if (typeof outcome === 'number') {
    throw new CliError(kindOf(outcome), `The virtual devices of "${name}" did not start`, told);
  }
  child.kill('SIGTERM');
  await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, ENDING_MS).unref())]);
  if (outcome === 'interrupted') throw new CliError('interrupted', 'Interrupted');
  const message = `The virtual devices of "${name}" were not all online within ${Math.round(seconds)} seconds, and were ended`;
  throw new CliError('offline', message, told);
}

/** What comes first: that all are online, the exit code, an interruption, or the end of the time. */
function first(
  child: ChildProcess,
  ended: Promise<number>,
  seconds: number,
  interrupted: AbortSignal,
): Promise<ConnectedMessage | number | 'interrupted' | 'late'> {
  return new Promise((resolve, reject) => {
    const stop = (): void => settle('interrupted');
    const timer = setTimeout(() => settle('late'), seconds * 1000);
    const settle = (outcome: ConnectedMessage | number | 'interrupted' | 'late'): void => {
      clearTimeout(timer);
      interrupted.removeEventListener('abort', stop);
      resolve(outcome);
    };
    interrupted.addEventListener('abort', stop, { once: true });
    if (interrupted.aborted) stop();
    // It is our own program, and says nothing else.
    child.once('message', (message: ConnectedMessage) => settle(message));
    ended.then(settle, (error: unknown) => {
      clearTimeout(timer);
      reject(error);
    });
  });
}

async function endOf(log: string): Promise<string[]> {
  const text = await readFile(log, 'utf8').catch(() => '');
  return text.trim().split('\n').slice(-LINES_TOLD).map(printable);
}

function kindOf(code: number): FailureKind {
  const kinds: readonly FailureKind[] = [
    'usage',
    'login',
    'forbidden',
    'not-found',
    'offline',
    'rate-limited',
    'server',
  ];
  return kinds.find((kind) => EXIT_CODES[kind] === code) ?? 'failure';
}

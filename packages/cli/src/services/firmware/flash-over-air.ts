import { statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { ApiError } from '@cloudchamber/contract/client';
import { CliError } from '../../failure/cli-error.ts';
import type { FailureKind } from '../../failure/exit-codes.ts';
import { failureOf } from '../../failure/failure-of.ts';
import { printable } from '../../output/printable.ts';
import type { Context } from '../../program/context.ts';
import { withDevice } from '../devices/find-device.ts';
import { type Ending, followUpdate } from './follow-update.ts';
import { MOST_TO_SEND, readFirmwareFile } from './read-firmware-file.ts';
import { failureText, type Step, sizeText, stageText } from './update-text.ts';
import { doesNotCompile, type FlashSource, type Place, whatToFlash } from './what-to-flash.ts';

interface Flash {
  /** Id or name. */
  readonly device: string;
  /** What stands behind the device on the command line. */
  readonly words: readonly string[];
  readonly product: string | undefined;
  readonly target: string | undefined;
  /** Until the device runs it, or not. */
  readonly wait: boolean;
  /** Seconds without a step. */
  readonly timeout: number;
}

/** The answers of the cloud when it has begun an update. */
interface Started {
  readonly id: string;
  readonly update_id?: string | undefined;
  readonly warning?: string | undefined;
}

/** A device of the account or of a product. */
interface Target {
  /** Id or name as given, and the id as soon as the cloud has told it. */
  readonly deviceId: string;
  readonly product: string | undefined;
  /** For people. */
  readonly name: string;
}

/**
 * Flashes a device over the air, and follows that until the device says that it runs it (checklist CLI-13, CLI-16, CLI-20, CLI-21).
 * @throws CliError of kind `offline` when the device is not there, or goes away; `failure` when it refuses; `interrupted` at Ctrl-C
 */
export async function flashOverAir(input: Flash, context: Context): Promise<void> {
  const { out, cwd, clock } = context;
  if (input.target !== undefined) throw doesNotCompile(`for Device OS ${input.target} (--target)`);
  const source = whatToFlash(input.words, (path) => placeOf(resolve(cwd, path)));
  const { product } = input;
  const target: Target = { deviceId: input.device, product, name: printable(input.device) };
  const begunAt = clock.monotonic();
  const started = await begin(target, source, context);
  if (started.warning !== undefined) out.warn(`${out.style.yellow('Warning:')} ${printable(started.warning)}`);
  const what = source.kind === 'app' ? source.name : source.paths.map((path) => basename(path)).join(', ');
  const data = { id: started.id, update_id: started.update_id ?? null, warning: started.warning ?? null };
  if (!input.wait || started.update_id === undefined) {
    out.result({ ...data, outcome: null }, `${target.name} has begun to take ${what}; the update goes on by itself`);
    return;
  }
  const at = { ...target, deviceId: started.id };
  const ending = await follow(at, started.update_id, input.timeout, context);
  if (ending.kind === 'silent') throw await wentAway(at, ending.last, input.timeout, context);
  const { outcome, message } = ending.kind === 'over' ? ending : await fromHistory(at, started.update_id, context);
  if (outcome !== 'succeeded') throw failed(at, outcome, message);
  const duration = Math.round((clock.monotonic() - begunAt) / 100) / 10;
  out.result({ ...data, outcome, duration }, `${target.name} runs ${what} (${duration} s)`);
}

function placeOf(path: string): Place {
  const facts = statSync(path, { throwIfNoEntry: false });
  if (facts === undefined) return undefined;
  return facts.isDirectory() ? 'folder' : 'file';
}

async function begin(target: Target, source: FlashSource, { cloud, out, cwd }: Context): Promise<Started> {
  const { deviceId: device, product, name } = target;
  let body: FormData | { app: string };
  if (source.kind === 'app') {
    out.note(`Flashing ${source.name} to ${name} ...`);
    body = { app: source.name };
  } else {
    body = new FormData();
    const sizes: string[] = [];
    for (const [at, path] of source.paths.entries()) {
      const content = await readFirmwareFile(path, cwd, MOST_TO_SEND);
      sizes.push(`${basename(path)} (${sizeText(content.length)})`);
      body.set(`file${at === 0 ? '' : at + 1}`, new Blob([Uint8Array.from(content)]), basename(path));
    }
    out.note(`Flashing ${sizes.join(', ')} to ${name} ...`);
  }
  try {
    return await withDevice<Started>(cloud, device, product, (deviceId) =>
      product === undefined
        ? cloud.call('updateDevice', { params: { deviceId }, body })
        : cloud.call('updateProductDevice', { params: { productIdOrSlug: product, deviceId }, body }),
    );
  } catch (error) {
    throw explained(error, target);
  }
}

/** Refusals whose words say too little of what to do. */
function explained(error: unknown, { name }: Target): unknown {
  if (error instanceof CliError && error.kind === 'offline') {
    const { status, requestId, next } = error;
    const facts = { status, requestId, next, cause: error };
    return new CliError('offline', `${name} is offline, or does not answer: nothing was flashed`, facts);
  }
  if (!(error instanceof ApiError)) return error;
  const { message, kind, status, requestId } = failureOf(error);
  const facts = { status, requestId, cause: error };
  if (status === 404 && /application/i.test(message)) {
    return new CliError(kind, message, {
      ...facts,
      next: 'Whoever runs the cloud uploads applications for everybody; see "Applications by name" in docs/flashing.md.',
    });
  }
  if (status === 409) return new CliError(kind, message, { ...facts, next: 'Flash again when it is over.' });
  if (/updates disabled/.test(message)) {
    const next = 'Its application refuses updates now: let it allow them, or force them for the device.';
    return new CliError(kind, message, { ...facts, next });
  }
  return error;
}

async function follow(target: Target, updateId: string, timeout: number, context: Context): Promise<Ending> {
  const { out } = context;
  const bar = out.live ? out.bar(target.name, 100) : undefined;
  let told = '';
  const onStep = (step: Step): void => {
    const text = stageText(step);
    bar?.update(step.percent, text);
    if (bar === undefined && step.outcome === null && text !== told) out.note(`${text} ...`);
    told = text;
  };
  try {
    return await followUpdate(context, { path: progressPath(target), updateId, silenceMs: timeout * 1000, onStep });
  } catch (error) {
    bar?.end();
    if (context.interrupted.aborted) out.warn(`The update of ${target.name} goes on by itself.`);
    throw error;
  } finally {
    bar?.end();
  }
}

function progressPath({ deviceId, product }: Target): string {
  const device = `devices/${encodeURIComponent(deviceId)}/updates/progress`;
  return product === undefined ? `/v1/${device}` : `/v1/products/${encodeURIComponent(product)}/${device}`;
}

/** How the update ended, when the stream tells of another one already. */
async function fromHistory(
  { deviceId, product }: Target,
  updateId: string,
  { cloud }: Context,
): Promise<{ outcome: string; message: string | null }> {
  const { updates } =
    product === undefined
      ? await cloud.call('listDeviceUpdates', { params: { deviceId } })
      : await cloud.call('listProductDeviceUpdates', { params: { productIdOrSlug: product, deviceId } });
  const found = updates.find(({ id }) => id === updateId);
  if (found?.outcome == null) return { outcome: 'cancelled', message: 'another update took its place' };
  return { outcome: found.outcome, message: found.message };
}

/** What ended with the device being away, rather than with its word. */
const AWAY: readonly string[] = ['no_answer', 'no_progress', 'device_gone'];

function failed({ name }: Target, outcome: string, message: string | null): CliError {
  const kind: FailureKind = AWAY.includes(outcome) ? 'offline' : 'failure';
  const next = AWAY.includes(outcome) ? `Flash it again when "chamber list" shows ${name} online.` : undefined;
  return new CliError(kind, failureText(name, outcome, message), { next });
}

async function wentAway(
  { deviceId, product, name }: Target,
  last: Step | undefined,
  timeout: number,
  { cloud }: Context,
): Promise<CliError> {
  const { online } =
    product === undefined
      ? await cloud.call('getDevice', { params: { deviceId } })
      : await cloud.call('getProductDevice', { params: { productIdOrSlug: product, deviceId } });
  const stood = last === undefined ? '' : ` at ${last.percent} %`;
  const state = online === true ? 'is online and takes no more' : 'is offline';
  return new CliError('offline', `${name} ${state}: the update stands still${stood} for ${timeout} seconds`, {
    next: `It goes on by itself when the device is back: give it power and a network, and see "chamber list". --timeout <seconds> waits longer.`,
  });
}

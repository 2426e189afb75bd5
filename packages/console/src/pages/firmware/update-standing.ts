import type { Output, ShownProgress } from '@cloudchamber/contract';
import type { Frame } from '@cloudchamber/contract/event-stream';

type Pending = NonNullable<Output<'listProductDeviceUpdates'>['pending']>;

/** What a device waits for, in a sentence, by the cloud's word for it. */
export const WAITS: Readonly<Record<NonNullable<Pending['blocked']>, string>> = {
  offline: 'The device is offline: it gets the firmware when it connects.',
  next_handshake: 'The device gets it at its next handshake.',
  waiting_for_slot: 'Other devices are updated first.',
  updates_disabled: 'The device forbids updates: force them on its page, or wait until it allows them.',
  backing_off: 'It is tried again by itself.',
  updating: 'Another update of the device is under way.',
  missing_dependencies: 'Parts of Device OS are missing, on the device and in the library.',
  too_large: 'The firmware is too large for the device.',
  device_os_too_old: 'The Device OS of the device is too old for it.',
  unsuitable: 'The firmware does not fit the device.',
};

/** @returns what a frame of the stream of an update says; undefined while nothing is under way */
export function readProgress({ event, data }: Pick<Frame, 'event' | 'data'>): ShownProgress | undefined {
  if (event !== 'progress') return undefined;
  // The cloud's own reply, as declared in the contract.
  const progress: ShownProgress = JSON.parse(data);
  return progress;
}

/** How far the update of a device to a version is: what is under way, else what it waits for. `percent` only while there is something to measure. */
export function standing(
  progress: ShownProgress | undefined,
  pending: Pending | null,
  version: number,
): { readonly percent?: number; readonly text: string } {
  if (progress !== undefined && progress.outcome === null) {
    return progress.stage === 'applying'
      ? { percent: 100, text: 'The device has all of it, and restarts with it.' }
      : { percent: progress.percent, text: `${progress.percent} % of the firmware is on the device.` };
  }
  const failure =
    progress === undefined || progress.outcome === 'succeeded'
      ? ''
      : `The last attempt failed${progress.message === null ? ` (${progress.outcome})` : `: ${progress.message}`}. `;
  if (pending === null) return { text: `${failure}Waiting until the device says that it runs version ${version}.` };
  const wait = pending.blocked === null ? 'It is about to begin.' : WAITS[pending.blocked];
  return { text: `${failure}${wait}${pending.message === null ? '' : ` ${pending.message}`}` };
}

import type { Updates } from './device-api.ts';

export type Attempt = Updates['updates'][number];
export type Progress = NonNullable<Updates['current']>;
type Pending = NonNullable<Updates['pending']>;

const REASONS: Readonly<Record<NonNullable<Attempt['reason']>, string>> = {
  flash: 'Flashed file',
  known_app: 'Flashed application',
  lock: 'Lock',
  release: 'Release',
  rollout: 'Rollout',
  repair: 'Missing parts of Device OS',
};

/** @returns why a device was updated, with the version where it was a product's */
export function updateTitle({ reason, version }: Pick<Attempt, 'reason' | 'version'>): string {
  const why = reason === null ? 'Update' : REASONS[reason];
  return version === null ? why : `${why}: version ${version}`;
}

const STAGES: Readonly<Record<Progress['stage'], string>> = {
  starting: 'Asking the device',
  transferring: 'Sending',
  applying: 'The device applies it',
  done: 'Done',
};

/** @returns where an update stands */
export function stageText({ stage, image, images }: Pick<Progress, 'stage' | 'image' | 'images'>): string {
  const of = images > 1 && stage !== 'done' ? ` (image ${Math.min(image + 1, images)} of ${images})` : '';
  return `${STAGES[stage]}${of}`;
}

const OUTCOMES: Readonly<Record<string, string>> = {
  succeeded: 'Succeeded',
  refused: 'The device refused it',
  no_answer: 'The device did not answer',
  no_progress: 'The device took no more',
  not_applied: 'The device did not apply it',
  device_gone: 'The device went away',
  cancelled: 'Cancelled',
};

/** @returns how an update ended; undefined while it is under way */
export function outcomeText(outcome: string | null): string | undefined {
  return outcome === null ? undefined : (OUTCOMES[outcome] ?? outcome);
}

const BLOCKED: Readonly<Record<NonNullable<Pending['blocked']>, string>> = {
  offline: 'The device is offline.',
  next_handshake: 'It is sent at its next handshake.',
  waiting_for_slot: 'Others are being updated; its turn comes.',
  updates_disabled: 'Its application does not allow updates now.',
  backing_off: 'The last try failed; it is tried again later.',
  updating: 'Another update is under way.',
  missing_dependencies: 'It needs parts of Device OS that this cloud does not have.',
  too_large: 'It is too large for the device.',
  device_os_too_old: 'The Device OS of the device is too old for it.',
  unsuitable: 'It is not for this device.',
};

/** @returns what keeps the device from an update that it should get */
export function blockedText({ blocked }: Pick<Pending, 'blocked'>): string {
  return blocked === null ? 'It is about to be sent.' : BLOCKED[blocked];
}

/** @returns such as "128 KiB" */
export function sizeText(bytes: number): string {
  return `${Math.round(bytes / 1024).toLocaleString('en')} KiB`;
}

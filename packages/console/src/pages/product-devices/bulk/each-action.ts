import type { Input } from '@cloudchamber/contract';

export type EachAction = 'lock' | 'unlock' | 'mark' | 'unmark';

type Body = Exclude<Input<'updateProductDevice'>['body'], FormData>;

export interface EachWords {
  readonly title: string;
  readonly about: string;
  readonly action: string;
}

export const EACH_WORDS: Readonly<Record<EachAction, EachWords>> = {
  lock: {
    title: 'Lock to a version',
    about:
      'Each device gets the version at its next handshake. Once it runs it, no release changes it until it is unlocked.',
    action: 'Lock',
  },
  unlock: {
    title: 'Unlock',
    about: 'The devices are eligible again for what is released to them, at their next handshakes.',
    action: 'Unlock',
  },
  mark: {
    title: 'Mark as development',
    about:
      'Development devices never get product firmware by themselves, and ignore locks and releases. Whoever develops on them flashes them over USB or over the air.',
    action: 'Mark as development',
  },
  unmark: {
    title: 'End development',
    about: 'The devices take what they are locked to, or what is released to them, at their next handshakes.',
    action: 'End development',
  },
};

/** @returns what is sent for one device; undefined for a lock without a version */
export function bodyOf(action: EachAction, version: number | undefined): Body | undefined {
  if (action === 'lock') return version === undefined ? undefined : { desired_firmware_version: version };
  if (action === 'unlock') return { desired_firmware_version: null };
  return { development: action === 'mark' };
}

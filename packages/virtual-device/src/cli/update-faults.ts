import type { UpdateFault } from '../firmware/update-fault.ts';

/** What the command calls each fault, besides `slow`, which needs a speed. */
const KINDS = ['refuse', 'bad-flash', 'never-return', 'no-restart', 'stale'] as const;

export const FAULT_KINDS: readonly string[] = [...KINDS, 'slow'];

/** Bytes per second of a slow device, unless the command says otherwise. */
const SLOW = 2048;

/**
 * The fault that `KIND` or `KIND=PERCENT` names; undefined for anything else.
 * @param bytesPerSecond of a slow device
 */
export function parseFault(text: string, bytesPerSecond = SLOW): UpdateFault | undefined {
  const [name, share, ...rest] = text.split('=');
  const percent = share === undefined ? 100 : Number(share);
  if (rest.length > 0 || share === '' || !(percent >= 0 && percent <= 100)) return undefined;
  if (name === 'slow') return { kind: 'slow', bytesPerSecond, percent };
  const kind = KINDS.find((known) => known === name);
  return kind && { kind, percent };
}

import type { Output } from '@cloudchamber/contract/client';
import { printable } from '../../output/printable.ts';

type Firmware = Output<'getProductFirmware'>;
export type Impact = Output<'getReleaseImpact'>['devices']['firmware_update'];

/** What a version is released to. */
export interface Scope {
  readonly isDefault: boolean;
  readonly groups: readonly string[];
}

/** @returns such as `the default and the group beta`, or `nobody` */
export function scopeText({ isDefault, groups }: Scope): string {
  const names = groups.map(printable).join(', ');
  const parts = [
    ...(isDefault ? ['the default'] : []),
    ...(groups.length === 0 ? [] : [`the ${groups.length === 1 ? 'group' : 'groups'} ${names}`]),
  ];
  return parts.length === 0 ? 'nobody' : parts.join(' and ');
}

/** @returns how many devices a release updates, and from what */
export function impactText({ total, by_version: versions }: Impact): string {
  const devices = total === 1 ? '1 device is updated' : `${total} devices are updated`;
  if (total === 0) return 'No device is updated';
  const from = versions.map(({ version, total: count }) => {
    return `${count} from ${version === null ? 'other firmware' : `version ${version}`}`;
  });
  return `${devices}: ${from.join(', ')}`;
}

/** @returns what the version is released to now and would not be any more */
export function lostText(now: Pick<Firmware, 'product_default' | 'groups'>, next: Scope): string | undefined {
  const lost = {
    isDefault: now.product_default && !next.isDefault,
    groups: now.groups.filter((name) => !next.groups.includes(name)),
  };
  return lost.isDefault || lost.groups.length > 0 ? `It is released to ${scopeText(lost)} no more` : undefined;
}

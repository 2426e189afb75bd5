import type { Output } from '@cloudchamber/contract';

export type Version = Output<'listProductFirmware'>[number];
export type Impact = Output<'getReleaseImpact'>;

/** Whom a version is released to. */
export interface Targets {
  readonly productDefault: boolean;
  readonly groups: readonly string[];
}

/** @returns such as "the product default and the group beta"; undefined for nobody */
export function targetsText({ productDefault, groups }: Targets): string | undefined {
  const named = groups.length === 1 ? `the group ${groups[0]}` : `the groups ${listText(groups)}`;
  const parts = [...(productDefault ? ['the product default'] : []), ...(groups.length > 0 ? [named] : [])];
  return parts.length === 0 ? undefined : parts.join(' and ');
}

/** @returns such as "a, b and c" */
export function listText(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** Whom a version is released to now. */
export function targetsOf({ product_default, groups }: Version): Targets {
  return { productDefault: product_default, groups };
}

/** What a release would take a version away from. */
export function lostTargets(before: Targets, after: Targets): Targets {
  return {
    productDefault: before.productDefault && !after.productDefault,
    groups: before.groups.filter((name) => !after.groups.includes(name)),
  };
}

/** Whether both say the same devices, by what they run now. */
export function isSameImpact(one: Impact, other: Impact): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** The lines below the number of impacted devices, such as "2 devices from version 1". */
export function impactLines({ devices }: Impact): { readonly version: number | null; readonly total: number }[] {
  return devices.firmware_update.by_version.toSorted((one, other) => (other.version ?? 0) - (one.version ?? 0));
}

/** The versions whose number, title, description or file name has the text, in any case. */
export function matching(versions: readonly Version[], text: string | undefined): readonly Version[] {
  const sought = text?.trim().toLowerCase() ?? '';
  if (sought === '') return versions;
  return versions.filter(({ version, title, description, name }) =>
    [String(version), title, description, name].some((one) => one.toLowerCase().includes(sought)),
  );
}

/** The number that the next upload has by habit: one more than the highest, 1 at first. */
export function nextVersion(versions: readonly Version[]): number {
  return Math.min(65_535, versions.reduce((highest, { version }) => Math.max(highest, version), 0) + 1);
}

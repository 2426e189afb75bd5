import type { ProductDevice } from './device-reads.ts';

export interface Details {
  readonly name: string;
  readonly notes: string;
  readonly groups: readonly string[];
  readonly development: boolean;
}

/** @returns the fields of an update that differ from what the device has; empty for none. Notes that are blank are taken away. */
export function detailsChanged(
  device: Pick<ProductDevice, 'name' | 'notes' | 'groups' | 'development'>,
  { name, notes, groups, development }: Details,
): { name?: string; notes?: string | null; groups?: string[]; development?: boolean } {
  const noted = notes.trim() === '' ? null : notes;
  const isSameGroups = groups.length === device.groups.length && groups.every((one) => device.groups.includes(one));
  return {
    ...(name.trim() !== device.name && { name: name.trim() }),
    ...(noted !== device.notes && { notes: noted }),
    ...(!isSameGroups && { groups: [...groups] }),
    ...(development !== device.development && { development }),
  };
}

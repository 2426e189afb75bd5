import type { Platform } from '../../../components/device-type/type-name.ts';

/** Kinds of hardware to choose from, with the device types that share one (PRD-03). */
export function typeOptions(
  platforms: ReadonlyMap<number, Platform> | undefined,
): { readonly value: string; readonly label: string }[] {
  return [...(platforms?.values() ?? [])].map(({ id, display_name: name, device_types: types }) => {
    const others = types.filter((type) => !name.includes(type));
    return { value: String(id), label: others.length === 0 ? name : `${name} (${types.join(', ')})` };
  });
}

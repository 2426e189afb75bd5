import type { Output } from '@cloudchamber/contract';

export type Platform = Output<'listPlatforms'>['platforms'][number];

/** @returns what people call the hardware, such as "Boron" */
export function typeName(platforms: ReadonlyMap<number, Platform> | undefined, platformId: number): string {
  return platforms?.get(platformId)?.display_name ?? `Platform ${platformId}`;
}

import type { FirmwareImage } from '@cloudchamber/gateway';
import type { ModuleDependency, ModuleImage } from '@cloudchamber/wire';
import { badFirmware } from './bad-firmware.ts';

/** What goes over the air as one, with the modules that it stands for, expanded. */
export interface PlannedImage extends FirmwareImage {
  readonly modules: readonly ModuleImage[];
}

/**
 * The images in an order in which each comes after those of the list that it depends on; otherwise as they were.
 * @throws DomainError `device.bad_firmware` when they depend on each other in a circle.
 */
export function byDependencies(images: readonly PlannedImage[]): PlannedImage[] {
  const ordered: PlannedImage[] = [];
  const waiting = [...images];
  while (waiting.length > 0) {
    const ready = waiting.findIndex((image) => !waiting.some((other) => other !== image && dependsOn(image, other)));
    const [next] = ready === -1 ? [] : waiting.splice(ready, 1);
    if (next === undefined) throw badFirmware('The modules depend on each other in a circle');
    ordered.push(next);
  }
  return ordered;
}

function dependsOn(image: PlannedImage, other: PlannedImage): boolean {
  return image.modules.some(({ dependencies }) =>
    dependencies.some((needed) => other.modules.some(({ prefix }) => isOf(prefix, needed))),
  );
}

function isOf(prefix: { readonly function: number; readonly index: number }, needed: ModuleDependency): boolean {
  return prefix.function === needed.function && prefix.index === needed.index;
}

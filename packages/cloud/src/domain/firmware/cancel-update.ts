import type { Device } from '../devices/index.ts';
import { DomainError } from '../domain-error.ts';
import type { UpdateJournal } from './update-journal.ts';
import type { UpdateProgress } from './update-progress.ts';

/**
 * Ends the update that is under way on a device, also one that waits for the device to come back.
 * @param ownOnly refuse to end an update by which a product brings its firmware: that is for whoever may update devices of the product
 * @returns how far it was
 * @throws DomainError `device.not_updating`, `device.update_of_product`
 */
export function cancelUpdate(
  journal: UpdateJournal,
  device: Device,
  { ownOnly }: { readonly ownOnly: boolean },
): UpdateProgress {
  const progress = journal.progressOf(device.id);
  if (progress === undefined) {
    throw new DomainError('not_found', 'device.not_updating', 'No update of the device is under way');
  }
  if (ownOnly && progress.target !== undefined) {
    const message = 'The update brings firmware of the product that the device is in: it is ended through the product';
    throw new DomainError('conflict', 'device.update_of_product', message);
  }
  journal.cancel(device.id);
  return progress;
}

import { errorMessage } from '@cloudchamber/kernel';
import type { Bus } from '../../bus/index.ts';
import type { Ambient } from '../context.ts';
import { tellOfProduct } from '../events/index.ts';

/** Tells the streams and integrations of a product what was done to its firmware. What was done stays done when the event log refuses that. */
export async function announceFirmware(
  ctx: Pick<Ambient, 'store' | 'clock' | 'log'>,
  bus: Bus,
  productId: number,
  event: { readonly name: string; readonly data: object },
): Promise<void> {
  const { store, clock, log } = ctx;
  try {
    await tellOfProduct({ store, bus, clock }, productId, event.name, JSON.stringify(event.data));
  } catch (error) {
    log.warn({ product: productId, event: event.name, error: errorMessage(error) }, 'an event of firmware was lost');
  }
}

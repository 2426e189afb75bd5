import type { DeviceId } from '@cloudchamber/kernel';

/**
 * Devices that wait for a place among the updates under way: products in turn, and within a product in the order of asking. It keeps ids and nothing else, about 120
 * bytes a device, of devices that are online only.
 */
export class UpdateQueue {
  /** The product whose turn is next comes first. */
  readonly #products = new Map<number, Set<DeviceId>>();
  readonly #places = new Map<DeviceId, number>();

  get size(): number {
    return this.#places.size;
  }

  has(deviceId: DeviceId): boolean {
    return this.#places.has(deviceId);
  }

  /** The devices of a product that wait, in their order. */
  of(productId: number): Iterable<DeviceId> {
    return this.#products.get(productId) ?? [];
  }

  /** A device that waits keeps its place. @param productId 0 for a device that is in none */
  add(productId: number, deviceId: DeviceId): void {
    if (this.#places.get(deviceId) === productId) return;
    this.delete(deviceId);
    this.#places.set(deviceId, productId);
    const devices = this.#products.get(productId);
    if (devices === undefined) this.#products.set(productId, new Set([deviceId]));
    else devices.add(deviceId);
  }

  delete(deviceId: DeviceId): void {
    const productId = this.#places.get(deviceId);
    if (productId === undefined) return;
    this.#places.delete(deviceId);
    const devices = this.#products.get(productId);
    devices?.delete(deviceId);
    if (devices?.size === 0) this.#products.delete(productId);
  }

  /** Takes the device whose turn it is. */
  next(): DeviceId | undefined {
    for (const [productId, devices] of this.#products) {
      for (const deviceId of devices) {
        this.delete(deviceId);
        // Its product goes behind the others.
        if (this.#products.delete(productId)) this.#products.set(productId, devices);
        return deviceId;
      }
    }
    return undefined;
  }
}

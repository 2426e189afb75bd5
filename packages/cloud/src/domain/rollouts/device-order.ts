import { createHash } from 'node:crypto';
import type { DeviceId } from '@cloudchamber/kernel';

/** Places in `DeviceOrder` are counted by the first 16 bits of the hash. */
const BUCKETS = 65_536;

/** Where a device stands in a rollout: random, and the same each time it is asked for. @returns SHA-256 of both ids, hex */
export function placeOf(rolloutId: string, deviceId: DeviceId): string {
  return createHash('sha256').update(rolloutId).update(deviceId).digest('hex');
}

/**
 * Finds the first `n` of any number of places, without keeping them: they are all counted first, then those below the bucket of the last one are in, and the
 * rest comes out of that bucket.
 */
export class FirstPlaces {
  readonly #counts = new Uint32Array(BUCKETS);

  /** Counts a place. */
  add(place: string): void {
    const bucket = bucketOf(place);
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
  }

  /** @returns the bucket below which all places are among the first `n`, and how many of that bucket's places are, by their order. */
  first(n: number): { readonly below: number; readonly fromBucket: number } {
    let left = Math.max(0, n);
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      const here = this.#counts[bucket] ?? 0;
      if (here > left) return { below: bucket, fromBucket: left };
      left -= here;
    }
    return { below: BUCKETS, fromBucket: 0 };
  }
}

/** The first 16 bits of a place. */
export function bucketOf(place: string): number {
  return Number.parseInt(place.slice(0, 4), 16);
}

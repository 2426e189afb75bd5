import type { Place } from '../place.ts';

interface Stream {
  readonly place: Place;
  /** As `deviceIdOfPlace` gives it. */
  readonly device: string | undefined;
  /** Names begin so; all, when left out. */
  readonly prefix: string | undefined;
}

/** Where a stream of events is, from the slash on. */
export function streamPath({ place, device, prefix }: Stream): string {
  const ofDevice = device === undefined ? '' : `/devices/${encodeURIComponent(device)}`;
  const ofPrefix = prefix === undefined ? '' : `/${encodeURIComponent(prefix)}`;
  return `/v1${base(place, ofDevice)}/events${ofPrefix}`;
}

function base(place: Place, ofDevice: string): string {
  if (place.kind === 'product') return `/products/${encodeURIComponent(place.product)}${ofDevice}`;
  if (place.kind === 'organization') return `/orgs/${encodeURIComponent(place.organization)}${ofDevice}`;
  return ofDevice === '' ? '/devices' : ofDevice;
}

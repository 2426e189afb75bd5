import type { Input, Output } from '@cloudchamber/contract';
import { api } from '../../data/api.ts';
import { type Place, pathOfPlace } from '../../data/place.ts';

/** What the history can be asked for. */
export type HistoryQuery = NonNullable<Input<'listHistory'>['query']>;

/** @returns the address of the place's routes, such as `/v1/products/42`; `/v1` for the sandbox */
function apiPath(place: Place): string {
  return `/v1${pathOfPlace(place)}`;
}

/** @returns the address of the stream of a place or of one of its devices */
export function streamPath(place: Place, deviceId: string | undefined): string {
  if (deviceId !== undefined) return `${apiPath(place)}/devices/${encodeURIComponent(deviceId)}/events`;
  return place.kind === 'sandbox' ? '/v1/devices/events' : `${apiPath(place)}/events`;
}

/** @returns the address of an export of the history, for a link */
export function exportPath(place: Place, query: HistoryQuery): string {
  const path = place.kind === 'sandbox' ? '/v1/user/history' : `${apiPath(place)}/history`;
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.append(name, String(value));
  return `${path}?${search}`;
}

/** A page of the history of a place. @throws ApiError */
export function readHistory(place: Place, query: HistoryQuery, signal: AbortSignal): Promise<Output<'listHistory'>> {
  if (place.kind === 'product') {
    return api.callWith(signal, 'listProductHistory', { params: { productIdOrSlug: place.product }, query });
  }
  if (place.kind === 'organization') {
    return api.callWith(signal, 'listOrganizationHistory', { params: { orgIdOrSlug: place.organization }, query });
  }
  return api.callWith(signal, 'listHistory', { query });
}

import type { Output } from '@cloudchamber/contract';
import { queryOptions } from '@tanstack/react-query';
import { api } from '../../../data/api.ts';
import type { Place } from '../../../data/place.ts';
import { reading } from '../../../data/query.ts';

export type Device = Output<'getDevice'>;
/** With what only a product knows of its device. */
export type ProductDevice = Output<'getProductDevice'>;
export type VitalsSummary = Output<'summarizeVitals'>;
export type Presence = Output<'listPresence'>;
export type Updates = Output<'listDeviceUpdates'>;
type Changes = Output<'updateDevice'> | Output<'updateProductDevice'>;
export interface DeviceChanges {
  readonly name?: string;
  readonly notes?: string | null;
  readonly signal?: boolean;
  readonly firmware_updates_forced?: boolean;
  readonly app?: string;
}

/** One device as its owner reaches it, or as a member of its product's team does: the same calls by other routes. */
export type DeviceApi = ReturnType<typeof deviceApi>;

const DAY_MS = 86_400_000;
const VITALS_SAMPLES = 96;
const PRESENCE_CHANGES = 500;

/** @param place the sandbox, or the product whose device it is @param deviceId the id, or in the sandbox the name of an own device */
export function deviceApi(place: Place, deviceId: string) {
  const product = place.kind === 'product' ? place.product : undefined;
  const own = { deviceId };
  const member = { deviceId, productIdOrSlug: product ?? '' };
  const inProduct = product !== undefined;
  const id = encodeURIComponent(deviceId);
  const path = inProduct ? `/v1/products/${encodeURIComponent(product)}/devices/${id}` : `/v1/devices/${id}`;
  /** A key that the names of operations begin, so that a change reads it anew. */
  const key = (own: string, ofProduct: string, ...rest: unknown[]) => [
    inProduct ? ofProduct : own,
    inProduct ? member : { deviceId },
    ...rest,
  ];
  return {
    product,
    deviceId,
    device: queryOptions<Device | ProductDevice>({
      queryKey: key('getDevice', 'getProductDevice'),
      queryFn: ({ signal }) =>
        inProduct
          ? api.callWith(signal, 'getProductDevice', { params: member })
          : api.callWith(signal, 'getDevice', { params: own }),
    }),
    change: (body: DeviceChanges | FormData): Promise<Changes> =>
      inProduct
        ? api.call('updateProductDevice', { params: member, body })
        : api.call('updateDevice', { params: own, body }),
    ping: () =>
      inProduct ? api.call('pingProductDevice', { params: member }) : api.call('pingDevice', { params: own }),
    callFunction: (name: string, arg: string) =>
      inProduct
        ? api.call('callProductFunction', { params: { ...member, name }, body: { arg } })
        : api.call('callFunction', { params: { ...own, name }, body: { arg } }),
    readVariable: (name: string) =>
      inProduct
        ? api.call('readProductVariable', { params: { ...member, name } })
        : api.call('readVariable', { params: { ...own, name } }),
    lastVitals: inProduct
      ? reading('getLastProductVitals', { params: member })
      : reading('getLastVitals', { params: own }),
    vitalsMetadata: inProduct
      ? reading('getProductVitalsMetadata', { params: member })
      : reading('getVitalsMetadata', { params: own }),
    refreshVitals: () =>
      inProduct ? api.call('refreshProductVitals', { params: member }) : api.call('refreshVitals', { params: own }),
    /** @param days back from now */
    vitalsSummary: (days: number) =>
      queryOptions<VitalsSummary>({
        queryKey: key('summarizeVitals', 'summarizeProductVitals', days),
        queryFn: ({ signal }) => {
          const query = { ...since(days), limit: VITALS_SAMPLES };
          return inProduct
            ? api.callWith(signal, 'summarizeProductVitals', { params: member, query })
            : api.callWith(signal, 'summarizeVitals', { params: own, query });
        },
      }),
    /** @param days back from now */
    presence: (days: number) =>
      queryOptions<Presence>({
        queryKey: key('listPresence', 'listProductPresence', days),
        queryFn: ({ signal }) => {
          const query = { ...since(days), per_page: PRESENCE_CHANGES };
          return inProduct
            ? api.callWith(signal, 'listProductPresence', { params: member, query })
            : api.callWith(signal, 'listPresence', { params: own, query });
        },
      }),
    /** @param cursor of a page; empty for the first */
    updates: (signal: AbortSignal, cursor: string): Promise<Updates> => {
      const query = { limit: 10, ...(cursor !== '' && { cursor }) };
      return inProduct
        ? api.callWith(signal, 'listProductDeviceUpdates', { params: member, query })
        : api.callWith(signal, 'listDeviceUpdates', { params: own, query });
    },
    updatesKey: key('listDeviceUpdates', 'listProductDeviceUpdates'),
    cancelUpdate: () =>
      inProduct ? api.call('cancelProductUpdate', { params: member }) : api.call('cancelUpdate', { params: own }),
    progressPath: `${path}/updates/progress`,
    /** Of the stream of what the system tells of the device. */
    systemEventsPath: `${path}/events/spark/`,
  };
}

/** A little within what the cloud keeps, so that a slow request doesn't ask for more. */
function since(days: number): { start_date: string } {
  return { start_date: new Date(Date.now() - days * DAY_MS + 60_000).toISOString() };
}

/** @returns the device with what its product knows; undefined when it was read as an own one */
export function productDeviceOf(device: Device | ProductDevice): ProductDevice | undefined {
  return 'development' in device ? device : undefined;
}

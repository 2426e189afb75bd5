import type { Output } from '@cloudchamber/contract';
import { infiniteQueryOptions } from '@tanstack/react-query';
import { api } from '../../data/api.ts';
import type { DoctorSearch } from './doctor-search.ts';

type AttemptPage = Output<'listConnections'>;
/** How a device tried to connect. */
export type Attempt = AttemptPage['connections'][number];

/** Whose attempts: all that this cloud has seen, those of the person's devices, or those of a product's. */
export type DoctorView =
  | { readonly of: 'everybody' }
  | { readonly of: 'mine' }
  | { readonly of: 'product'; readonly product: string };

const LIMIT = 50;
const LIVE_MS = 5_000;

/** What reads attempts: after an approval they are read anew. */
export const ATTEMPT_READS = [
  'listConnections',
  'listOwnConnections',
  'listProductConnections',
  'summarizeConnections',
] as const;

/** Reads attempts, newest first, a page at a time. */
export function attemptPages(view: DoctorView, { device, address, outcome, live }: DoctorSearch) {
  const query = { limit: LIMIT, ...(device && { device }), ...(address && { address }), ...(outcome && { outcome }) };
  return infiniteQueryOptions({
    queryKey: [operationOf(view), 'pages', view, query],
    initialPageParam: null,
    queryFn: ({ signal, pageParam }: { readonly signal: AbortSignal; readonly pageParam: number | null }) =>
      read(view, { ...query, ...(pageParam !== null && { before: pageParam }) }, signal),
    getNextPageParam: ({ meta }: AttemptPage) => meta.next_before,
    refetchInterval: live === true ? LIVE_MS : false,
  });
}

function operationOf({ of }: DoctorView): (typeof ATTEMPT_READS)[number] {
  if (of === 'everybody') return 'listConnections';
  return of === 'mine' ? 'listOwnConnections' : 'listProductConnections';
}

interface AttemptQuery extends Pick<DoctorSearch, 'device' | 'address' | 'outcome'> {
  readonly limit: number;
  readonly before?: number;
}

function read(view: DoctorView, query: AttemptQuery, signal: AbortSignal): Promise<AttemptPage> {
  switch (view.of) {
    case 'everybody':
      return api.callWith(signal, 'listConnections', { query });
    case 'mine':
      return api.callWith(signal, 'listOwnConnections', { query });
    case 'product':
      return api.callWith(signal, 'listProductConnections', { params: { productIdOrSlug: view.product }, query });
  }
}

/** Registers the key of an attempt for its device, as whoever looks at this view may. */
export async function approveKeyOf(view: DoctorView, { id, device_id: device }: Attempt): Promise<void> {
  const connectionId = String(id);
  // A peer that has proved its key has said who it is.
  const deviceId = device ?? '';
  switch (view.of) {
    case 'everybody':
      await api.call('approveKey', { params: { connectionId } });
      return;
    case 'mine':
      await api.call('approveDeviceKey', { params: { deviceId, connectionId } });
      return;
    case 'product':
      await api.call('approveProductDeviceKey', {
        params: { productIdOrSlug: view.product, deviceId, connectionId },
      });
  }
}

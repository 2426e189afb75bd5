import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Place } from '../../data/place.ts';
import { reading } from '../../data/query.ts';
import { isDeviceId } from './log-event.ts';

/** Devices that are asked for at once, and how long the log waits for more of them. */
const AT_ONCE = 10;
const COLLECT_MS = 150;
const KEPT_MS = 300_000;

/** By id; null for devices without a name, and for those that the cloud doesn't know here. */
export type DeviceNames = ReadonlyMap<string, string | null>;

export interface UseDeviceNames {
  readonly names: DeviceNames;
  /** Says whose events are on the screen: names that are not known are asked for, soon, and once each. */
  want(publishers: readonly string[]): void;
}

/** The names of devices in the log. In the sandbox one list has them all; in a product each device in view is asked for; an organization shows ids. */
export function useDeviceNames(place: Place): UseDeviceNames {
  const own = useQuery({ ...reading('listDevices'), enabled: place.kind === 'sandbox', staleTime: 60_000 });
  const ownNames = useMemo(() => new Map((own.data ?? []).map(({ id, name }) => [id, name])), [own.data]);
  const product = useProductNames(place.kind === 'product' ? place.product : undefined);
  return place.kind === 'sandbox' ? { names: ownNames, want: wantNothing } : product;
}

function wantNothing(): void {}

function useProductNames(product: string | undefined): UseDeviceNames {
  const queries = useQueryClient();
  const [names, setNames] = useState<DeviceNames>(new Map());
  const asked = useRef(new Set<string>());
  const waiting = useRef(new Set<string>());
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const ask = useCallback(async () => {
    if (product === undefined) return;
    const nameOf = async (deviceId: string): Promise<readonly [string, string | null]> => {
      const params = { productIdOrSlug: product, deviceId };
      try {
        const { name } = await queries.fetchQuery({ ...reading('getProductDevice', { params }), staleTime: KEPT_MS });
        return [deviceId, name];
      } catch {
        // Such as a device that has left the product: its id is shown.
        return [deviceId, null];
      }
    };
    const ids = [...waiting.current].slice(0, AT_ONCE);
    waiting.current.clear();
    for (const id of ids) asked.current.add(id);
    const answers = await Promise.all(ids.map(nameOf));
    timer.current = undefined;
    setNames((known) => new Map([...known, ...answers]));
  }, [product, queries]);
  const want = useCallback(
    (publishers: readonly string[]) => {
      if (product === undefined) return;
      for (const id of publishers) if (isDeviceId(id) && !asked.current.has(id)) waiting.current.add(id);
      if (waiting.current.size > 0) timer.current ??= setTimeout(ask, COLLECT_MS);
    },
    [product, ask],
  );
  return { names, want };
}

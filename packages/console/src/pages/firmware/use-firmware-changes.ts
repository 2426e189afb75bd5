import type { OperationName } from '@cloudchamber/contract';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useCan } from '../../data/permissions.ts';
import { useEventStream } from '../../data/use-event-stream.ts';

const OF_FIRMWARE: readonly OperationName[] = [
  'listProductFirmware',
  'getProductFirmware',
  'listRollouts',
  'getRollout',
  'listRolloutDevices',
  'listRolloutTimeline',
  'getReleaseImpact',
];
const OF_DEVICES: readonly OperationName[] = [
  'listProductFirmware',
  'listRollouts',
  'getRollout',
  'listRolloutDevices',
];
/** Updates end all the time while a release is under way. The first one is shown after this time, together with those that follow until then. */
const GATHER_MS = 1500;

/**
 * Reads firmware and rollouts of a product anew whenever somebody uploads or releases a version and whenever a rollout goes on (`particle/firmware/…`), and
 * the counts of devices when updates end (`spark/flash/status`).
 */
export function useFirmwareChanges(product: string): void {
  const queries = useQueryClient();
  const can = useCan({ kind: 'product', product });
  const events = can('events:get') ? `/v1/products/${encodeURIComponent(product)}/events` : null;
  const gathering = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(gathering.current), []);
  const readAnew = (names: readonly OperationName[]) => {
    for (const name of names) void queries.invalidateQueries({ queryKey: [name] });
  };
  useEventStream({
    path: events && `${events}/particle%2Ffirmware`,
    onFrame: ({ event }) => {
      if (event?.startsWith('particle/firmware/') === true) readAnew(OF_FIRMWARE);
    },
  });
  useEventStream({
    path: events && `${events}/spark%2Fflash%2Fstatus`,
    onFrame: ({ event }) => {
      if (event !== 'spark/flash/status' || gathering.current !== undefined) return;
      gathering.current = setTimeout(() => {
        gathering.current = undefined;
        readAnew(OF_DEVICES);
      }, GATHER_MS);
    },
  });
}

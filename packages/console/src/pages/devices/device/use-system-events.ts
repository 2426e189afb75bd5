import type { OperationName } from '@cloudchamber/contract';
import { useDebouncedCallback } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { useEventStream } from '../../../data/use-event-stream.ts';
import { useDevice } from './device-context.ts';

const QUIET_MS = 300;
const OF_DEVICE: readonly OperationName[] = ['getDevice', 'getProductDevice'];
const OF_PRESENCE: readonly OperationName[] = ['listPresence', 'listProductPresence'];
const OF_VITALS: readonly OperationName[] = [
  'getLastVitals',
  'getLastProductVitals',
  'summarizeVitals',
  'summarizeProductVitals',
];
const OF_UPDATES: readonly OperationName[] = ['listDeviceUpdates', 'listProductDeviceUpdates'];

/** What an event of the system changes. */
function changedBy(name: string): readonly OperationName[] {
  if (name === 'spark/device/diagnostics/update') return OF_VITALS;
  if (name.startsWith('spark/flash/')) return [...OF_UPDATES, ...OF_DEVICE];
  if (name.startsWith('spark/status')) return [...OF_DEVICE, ...OF_PRESENCE, ...OF_UPDATES];
  return OF_DEVICE;
}

/** Keeps the page fresh: what an event of the system changes is read anew. A page that nobody sees doesn't listen. */
export function useSystemEvents(): void {
  const { api, can } = useDevice();
  const queries = useQueryClient();
  const changed = useRef(new Set<OperationName>());
  const readAnew = useDebouncedCallback(
    () => {
      for (const name of changed.current) void queries.invalidateQueries({ queryKey: [name] });
      changed.current.clear();
    },
    { delay: QUIET_MS },
  );
  useEventStream({
    path: can('events:get') ? api.systemEventsPath : null,
    onFrame: ({ event }) => {
      if (event === undefined) return;
      for (const name of changedBy(event)) changed.current.add(name);
      readAnew();
    },
  });
}

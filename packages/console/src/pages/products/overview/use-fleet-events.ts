import type { StreamedEvent } from '@cloudchamber/contract';
import { useThrottledCallback } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { useEventStream } from '../../../data/use-event-stream.ts';

const BETWEEN_MS = 3000;

/** Reads the figures of a fleet anew when one of its devices comes or goes, at most once in three seconds. A page that nobody sees doesn't listen. */
export function useFleetEvents(product: string): void {
  const queries = useQueryClient();
  const readAnew = useThrottledCallback(() => {
    for (const name of ['getFleet', 'countOnlineDevices']) void queries.invalidateQueries({ queryKey: [name] });
  }, BETWEEN_MS);
  useEventStream({
    path: `/v1/products/${encodeURIComponent(product)}/events/spark/status`,
    onFrame: ({ event, data }) => {
      if (event === 'spark/status' && isComeOrGo(data)) readAnew();
    },
  });
}

function isComeOrGo(frame: string): boolean {
  const { data }: Partial<StreamedEvent> = JSON.parse(frame);
  return data === 'online' || data === 'offline';
}

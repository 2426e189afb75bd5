import type { StreamedEvent } from '@cloudchamber/contract';
import { useDebouncedCallback } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { useEventStream } from '../../../data/use-event-stream.ts';

const QUIET_MS = 1000;

/** Reads the list of a product's devices anew when one of them comes or goes. A page that nobody sees doesn't listen. @param product id or slug */
export function useFleetPresence(product: string): void {
  const queries = useQueryClient();
  const readAnew = useDebouncedCallback(() => queries.invalidateQueries({ queryKey: ['listProductDevices'] }), {
    delay: QUIET_MS,
  });
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

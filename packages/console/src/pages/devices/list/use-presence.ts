import type { StreamedEvent } from '@cloudchamber/contract';
import { useDebouncedCallback } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { useEventStream } from '../../../data/use-event-stream.ts';

const QUIET_MS = 500;

/** Keeps the list of devices fresh: it is read anew when one of them comes or goes. A page that nobody sees doesn't listen. */
export function usePresence(): void {
  const queries = useQueryClient();
  const readAnew = useDebouncedCallback(() => queries.invalidateQueries({ queryKey: ['listDevices'] }), {
    delay: QUIET_MS,
  });
  useEventStream({
    path: '/v1/devices/events/spark/status',
    onFrame: ({ event, data }) => {
      if (event === 'spark/status' && isComeOrGo(data)) readAnew();
    },
  });
}

function isComeOrGo(frame: string): boolean {
  const { data }: Partial<StreamedEvent> = JSON.parse(frame);
  return data === 'online' || data === 'offline';
}

import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useEventStream } from '../../../data/use-event-stream.ts';
import { useDevice } from './device-context.ts';
import type { Progress } from './update-words.ts';

/** The update that is under way, or that has ended while the page was open; undefined when there is none. */
export function useUpdateProgress(): Progress | undefined {
  const { api } = useDevice();
  const queries = useQueryClient();
  const [progress, setProgress] = useState<Progress>();
  useEventStream({
    path: api.progressPath,
    onFrame: ({ event, data }) => {
      if (event !== 'progress') return;
      const next: Progress = JSON.parse(data);
      setProgress(next);
      if (next.outcome === null) return;
      for (const name of ['listDeviceUpdates', 'listProductDeviceUpdates', 'getDevice', 'getProductDevice']) {
        void queries.invalidateQueries({ queryKey: [name] });
      }
    },
  });
  return progress;
}

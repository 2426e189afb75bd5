import type { ShownProgress } from '@cloudchamber/contract';
import { Progress, Stack, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { reading } from '../../data/query.ts';
import { useEventStream } from '../../data/use-event-stream.ts';
import { Link } from '../../ui/link.tsx';
import { readProgress, standing } from './update-standing.ts';

export interface UpdateWatchProps {
  readonly product: string;
  readonly deviceId: string;
  readonly version: number;
}

/** How the update of one device to a version goes, as it happens. */
export function UpdateWatch({ product, deviceId, version }: UpdateWatchProps) {
  const queries = useQueryClient();
  const params = { productIdOrSlug: product, deviceId };
  const [progress, setProgress] = useState<ShownProgress>();
  const { data } = useQuery({
    ...reading('listProductDeviceUpdates', { params, query: { limit: 1 } }),
    staleTime: 0,
  });
  const stream = useEventStream({
    path: `/v1/products/${encodeURIComponent(product)}/devices/${deviceId}/updates/progress`,
    onFrame: (frame) => {
      const next = readProgress(frame);
      setProgress(next?.version === version ? next : undefined);
      // What waits and what has run changes with the beginning and the end of an update.
      if (next !== undefined && next.outcome === null && next.stage !== 'starting') return;
      for (const name of ['listProductDeviceUpdates', 'getProductFirmware', 'listProductFirmware'] as const) {
        void queries.invalidateQueries({ queryKey: [name] });
      }
    },
  });
  const { percent, text } = standing(progress, data?.pending ?? null, version);
  return (
    <Stack gap={6}>
      {percent !== undefined && <Progress value={percent} size="lg" aria-label={`Update of ${deviceId}`} />}
      <Text size="sm" aria-live="polite">
        {text}
        {stream.kind === 'waiting' && ' The connection to the cloud broke off; it is being made again.'}
      </Text>
      <Link size="sm" to="/products/$product/devices/$deviceId" params={{ product, deviceId }}>
        Open the device
      </Link>
    </Stack>
  );
}

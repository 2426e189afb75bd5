import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { reading } from '../../data/query.ts';
import type { Platform } from './type-name.ts';

/** The kinds of hardware by platform id; undefined until they are known. */
export function usePlatforms(): ReadonlyMap<number, Platform> | undefined {
  const { data } = useQuery({ ...reading('listPlatforms'), staleTime: Number.POSITIVE_INFINITY });
  return useMemo(() => data && new Map(data.platforms.map((one) => [one.id, one])), [data]);
}

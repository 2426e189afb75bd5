import { Text, Tooltip } from '@mantine/core';
import { useSyncExternalStore } from 'react';
import { absoluteTime, relativeTime } from './time-text.ts';
import { type Zone, zoneSetting } from './zone.ts';

/** The zone that times are shown in. */
export function useZone(): Zone {
  return useSyncExternalStore(zoneSetting.listen, zoneSetting.get);
}

// One clock for all times of a page.
const listeners = new Set<() => void>();
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;
function listen(listener: () => void): () => void {
  listeners.add(listener);
  if (timer === undefined) now = Date.now();
  timer ??= setInterval(() => {
    now = Date.now();
    for (const one of listeners) one();
  }, 10_000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** Wall time in ms, new every ten seconds. */
export function useNow(): number {
  return useSyncExternalStore(listen, () => now);
}

export interface TimeProps {
  /** ISO 8601, or null for never. */
  readonly at: string | null | undefined;
  /** Stands there for null. */
  readonly never?: string;
}

/** A point in time as "5 minutes ago", with date and time in the chosen zone on hover and for screen readers. */
export function Time({ at, never = 'never' }: TimeProps) {
  const zone = useZone();
  const current = useNow();
  if (at === null || at === undefined)
    return (
      <Text span inherit c="dimmed">
        {never}
      </Text>
    );
  const ms = Date.parse(at);
  const absolute = absoluteTime(ms, zone);
  return (
    <Tooltip label={absolute}>
      <time dateTime={at} title={absolute}>
        {relativeTime(ms, Math.max(current, Math.min(ms, current + 10_000)))}
      </time>
    </Tooltip>
  );
}

import { Button, Group, Loader, Text } from '@mantine/core';
import { ErrorState } from '../../ui/error-state.tsx';
import { useZone } from '../../ui/time.tsx';
import classes from './event-log.module.css';
import { eventTime } from './event-time.ts';
import type { PastEvents } from './use-past-events.ts';

export interface LogFooterProps {
  /** Events that left the log for newer ones. */
  readonly dropped: number;
  readonly past: PastEvents;
  /** Whether past events are part of the list now. */
  readonly isPastShown: boolean;
  /** Whether the list has no row: what stands in its place says enough then. */
  readonly isEmpty: boolean;
  /** The older bound of the list, ISO 8601. */
  readonly from: string | undefined;
  onEarlier(): void;
}

/** The oldest end of the list: what was dropped, and the way back into the past. */
export function LogFooter({ dropped, past, isPastShown, isEmpty, from, onEarlier }: LogFooterProps) {
  const zone = useZone();
  const oldest = past.events.at(-1);
  return (
    <Group className={classes.footer ?? ''} justify="center" gap="sm">
      {dropped > 0 && !isPastShown && (
        <Text size="sm" c="dimmed">
          {dropped.toLocaleString('en')} older {dropped === 1 ? 'event was' : 'events were'} dropped from view.
        </Text>
      )}
      {isPastShown && past.error !== null && <ErrorState error={past.error} onRetry={past.readMore} />}
      {isPastShown && past.isReading && (
        <Group gap="xs" role="status">
          <Loader size="xs" aria-hidden />
          <Text size="sm">Reading earlier events</Text>
        </Group>
      )}
      {isPastShown && past.isFull && (
        <Text size="sm" c="dimmed">
          So many earlier events are here that no more are read into the page: choose a span, or export them.
        </Text>
      )}
      {isPastShown && !isEmpty && !past.isReading && !past.hasMore && past.error === null && (
        <Text size="sm" c="dimmed">
          {from === undefined
            ? 'No earlier events are kept.'
            : `No earlier events since ${eventTime(Date.parse(from), zone).slice(0, 19)}.`}
        </Text>
      )}
      {!past.isReading && !past.isFull && (!isPastShown || past.hasMore) && (
        <Button size="compact-sm" variant="default" onClick={onEarlier}>
          Earlier events
          {isPastShown && oldest !== undefined && ` than ${eventTime(oldest.at, zone).slice(0, 19)}`}
        </Button>
      )}
    </Group>
  );
}

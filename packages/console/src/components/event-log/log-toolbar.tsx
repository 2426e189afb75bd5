import type { StreamState } from '@cloudchamber/contract/event-stream';
import { Button, Group, Text } from '@mantine/core';
import { IconClearAll, IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import type { Place } from '../../data/place.ts';
import type { EventLogSearch } from './event-log-search.ts';
import { ExportMenu } from './export-menu.tsx';
import { FilterBox } from './filter-box.tsx';
import type { LiveState } from './live-log.ts';
import type { LogEvent } from './log-event.ts';
import type { HistoryQuery } from './log-place.ts';
import type { EventFilter } from './parse-filter.ts';
import { SpanPicker } from './span-picker.tsx';
import { StreamBadge } from './stream-badge.tsx';
import type { LogRows } from './use-log-rows.ts';

export interface LogToolbarProps {
  readonly text: string;
  onText(text: string): void;
  readonly filter: EventFilter;
  readonly isHelpOpen: boolean;
  readonly helpId: string;
  onToggleHelp(): void;
  readonly search: EventLogSearch;
  setSearch(change: EventLogSearch): void;
  readonly isPaused: boolean;
  onPause(): void;
  onClear(): void;
  readonly live: LiveState;
  /** Undefined where only the past is shown. */
  readonly stream: StreamState | undefined;
  onReopen(): void;
  readonly place: Place;
  readonly query: HistoryQuery;
  readonly rows: LogRows;
}

/** What can be done with the log: filter, how far back, pause and play, clear, export. */
export function LogToolbar(props: LogToolbarProps) {
  const { isPaused, live, stream, rows, search } = props;
  const eventsShown = (): LogEvent[] => {
    const entries = Array.from({ length: rows.count }, (_, index) => rows.entryAt(index));
    return entries.filter((entry) => entry?.kind === 'event');
  };
  return (
    <Group gap="xs" align="flex-start">
      <FilterBox
        value={props.text}
        onChange={props.onText}
        filter={props.filter}
        isHelpOpen={props.isHelpOpen}
        helpId={props.helpId}
        onToggleHelp={props.onToggleHelp}
      />
      <SpanPicker search={search} onChange={props.setSearch} />
      {stream !== undefined && (
        <Button
          variant={isPaused ? 'filled' : 'default'}
          px="sm"
          leftSection={isPaused ? <IconPlayerPlay size={16} aria-hidden /> : <IconPlayerPause size={16} aria-hidden />}
          onClick={props.onPause}
        >
          {isPaused ? `Play${live.waiting > 0 ? ` (${live.waiting.toLocaleString('en')} waiting)` : ''}` : 'Pause'}
        </Button>
      )}
      {isPaused && live.lost > 0 && (
        <Text size="xs" c="dimmed" lh="36px">
          {live.lost.toLocaleString('en')} older {live.lost === 1 ? 'one was' : 'ones were'} dropped
        </Text>
      )}
      <Button variant="default" px="sm" leftSection={<IconClearAll size={16} aria-hidden />} onClick={props.onClear}>
        Clear
      </Button>
      <ExportMenu place={props.place} query={props.query} rows={eventsShown} />
      {stream !== undefined && (
        <Group h={36}>
          <StreamBadge state={stream} isPaused={isPaused} onReopen={props.onReopen} />
        </Group>
      )}
    </Group>
  );
}

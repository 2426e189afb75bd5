import { Button, Menu, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import type { Place } from '../../data/place.ts';
import type { Column } from '../../ui/data-table.tsx';
import { downloadCsv } from '../../ui/download-csv.ts';
import { useZone } from '../../ui/time.tsx';
import type { Zone } from '../../ui/zone.ts';
import { eventTime } from './event-time.ts';
import type { LogEvent } from './log-event.ts';
import { exportPath, type HistoryQuery } from './log-place.ts';

export interface ExportMenuProps {
  readonly place: Place;
  /** What the log is asked for: bounds, device, text. */
  readonly query: HistoryQuery;
  /** What the list shows now. */
  rows(): readonly LogEvent[];
}

const COLUMNS: readonly Column<LogEvent>[] = [
  { title: 'id', cell: () => null, text: ({ id }) => String(id) },
  { title: 'published_at', cell: () => null, text: ({ at }) => new Date(at).toISOString() },
  { title: 'name', cell: () => null, text: ({ name }) => name },
  { title: 'data', cell: () => null, text: ({ data }) => data ?? '' },
  { title: 'coreid', cell: () => null, text: ({ publisher }) => publisher },
  { title: 'ttl', cell: () => null, text: ({ ttl }) => String(ttl) },
];

/** Saves what the list shows, or everything that the log keeps of it. */
export function ExportMenu({ place, query, rows }: ExportMenuProps) {
  const zone = useZone();
  return (
    <Menu position="bottom-end" withinPortal width={280}>
      <Menu.Target>
        <Button variant="default" px="sm" leftSection={<IconDownload size={16} aria-hidden />}>
          Export
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>What the list shows</Menu.Label>
        <Menu.Item onClick={() => downloadCsv('events', COLUMNS, rows())}>CSV of this view</Menu.Item>
        <Menu.Label>From the event log</Menu.Label>
        <Menu.Item component="a" href={exportPath(place, { ...query, format: 'csv' })} download="events.csv">
          CSV
        </Menu.Item>
        <Menu.Item component="a" href={exportPath(place, { ...query, format: 'ndjson' })} download="events.ndjson">
          NDJSON
        </Menu.Item>
        <Text size="xs" c="dimmed" px="sm" py={4}>
          {exportText(query, zone)}
        </Text>
      </Menu.Dropdown>
    </Menu>
  );
}

function exportText({ from, to, device, text }: HistoryQuery, zone: Zone): string {
  const time = (at: string) => eventTime(Date.parse(at), zone).slice(0, 19);
  const parts = [
    from === undefined ? 'from the oldest event that is kept' : `from ${time(from)}`,
    to === undefined ? 'to the newest' : `to ${time(to)}`,
    ...(device === undefined ? [] : [`of device ${device}`]),
    ...(text === undefined ? [] : [`with “${text}” in name or data`]),
  ];
  return `The log exports events ${parts.join(', ')}.`;
}

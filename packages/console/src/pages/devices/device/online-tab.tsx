import { Button, Group, Stack, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type Column, Rows } from '../../../ui/data-table.tsx';
import { downloadCsv } from '../../../ui/download-csv.ts';
import { Loaded } from '../../../ui/loaded.tsx';
import { OnlineBadge } from '../../../ui/online-badge.tsx';
import { Time, useZone } from '../../../ui/time.tsx';
import { absoluteTime } from '../../../ui/time-text.ts';
import { DaysPicker, type DaysPickerProps } from './days-picker.tsx';
import type { Presence } from './device-api.ts';
import { useDevice } from './device-context.ts';
import { onlineSpans, reasonText } from './online-spans.ts';
import classes from './online-tab.module.css';
import { durationText } from './vital-values.ts';

type Change = Presence['presence'][number];
/** The list shows the newest; all of them are in the bar and in the CSV. */
const SHOWN = 50;

const COLUMNS: readonly Column<Change>[] = [
  { title: 'When', cell: ({ at }) => <Time at={at} />, text: ({ at }) => at },
  {
    title: 'Then',
    cell: ({ online }) => <OnlineBadge online={online} />,
    text: ({ online }) => (online ? 'online' : 'offline'),
  },
  { title: 'Why', cell: ({ reason }) => reasonText(reason), text: ({ reason }) => reasonText(reason) },
];

/** When the device came and went. */
export function OnlineTab({ days, onDays }: DaysPickerProps) {
  const { api, device } = useDevice();
  const query = useQuery(api.presence(days));
  return (
    <Stack gap="md">
      <Group justify="space-between">
        <DaysPicker days={days} onDays={onDays} />
        <Button
          variant="default"
          leftSection={<IconDownload size={18} aria-hidden />}
          disabled={query.data === undefined}
          onClick={() => downloadCsv(`online-${device.id}`, COLUMNS, query.data?.presence ?? [])}
        >
          CSV
        </Button>
      </Group>
      <Loaded query={query}>{(presence) => <History presence={presence} />}</Loaded>
    </Stack>
  );
}

function History({ presence }: { readonly presence: Presence }) {
  const changes = presence.presence;
  const seconds = (Date.parse(presence.end_date) - Date.parse(presence.start_date)) / 1000;
  const percent = seconds <= 0 ? 0 : Math.min(100, (presence.online_seconds / seconds) * 100);
  const summary = `Online for ${durationText(presence.online_seconds)} of ${durationText(seconds)} (${percent.toFixed(percent > 0 && percent < 100 ? 1 : 0)} %)`;
  return (
    <Stack gap="md">
      <Text size="sm">{summary}</Text>
      <Bar presence={presence} summary={summary} />
      {changes.length === 0 ? (
        <Text c="dimmed">The device neither came nor went in this time.</Text>
      ) : (
        <Rows
          label="When the device came and went"
          rows={changes.slice(0, SHOWN)}
          keyOf={({ at, online }) => `${at} ${online}`}
          columns={COLUMNS}
        />
      )}
      {changes.length > SHOWN && (
        <Text size="sm" c="dimmed">
          The {SHOWN} newest of {changes.length}
          {presence.meta.total_pages > 1 && ' and more'}; the CSV has {changes.length}.
        </Text>
      )}
    </Stack>
  );
}

function Bar({ presence, summary }: { readonly presence: Presence; readonly summary: string }) {
  const zone = useZone();
  const [start, end] = [Date.parse(presence.start_date), Date.parse(presence.end_date)];
  const percentOf = (ms: number) => `${((ms - start) / Math.max(1, end - start)) * 100}%`;
  return (
    <div>
      <div className={classes.bar} role="img" aria-label={summary}>
        {onlineSpans(presence)
          .filter(({ online }) => online)
          .map(({ from, to }) => (
            <div
              key={from}
              className={classes.online}
              title={`Online from ${absoluteTime(from, zone)} to ${absoluteTime(to, zone)}`}
              style={{ left: percentOf(from), width: percentOf(start + to - from) }}
            />
          ))}
      </div>
      <Group justify="space-between" mt={4}>
        <Text size="xs" c="dimmed">
          {absoluteTime(start, zone)}
        </Text>
        <Text size="xs" c="dimmed">
          Filled: online
        </Text>
        <Text size="xs" c="dimmed">
          {absoluteTime(end, zone)}
        </Text>
      </Group>
    </div>
  );
}

import { Badge, Text } from '@mantine/core';
import { IdText } from '../../../ui/id-text.tsx';
import { OnlineBadge } from '../../../ui/online-badge.tsx';
import { Time } from '../../../ui/time.tsx';
import type { FleetColumn } from '../list/fleet-columns.tsx';

/** What a product may know of devices in its quarantine. */
export const QUARANTINE_COLUMNS: readonly FleetColumn[] = [
  { title: 'Status', width: 120, cell: ({ online }) => <OnlineBadge online={online} /> },
  {
    title: 'Device ID / serial',
    sort: 'deviceId',
    width: 248,
    cell: ({ id, serial_number: serial }) => (
      <>
        <IdText id={id} what="device ID" />
        {serial !== null && (
          <Text size="xs" c="dimmed" className="mono">
            {serial}
          </Text>
        )}
      </>
    ),
  },
  {
    title: 'Decision',
    width: 120,
    cell: ({ denied }) => (
      <Badge variant="default" tt="none">
        {denied ? 'denied' : 'waits'}
      </Badge>
    ),
  },
  {
    title: 'Firmware it says',
    sort: 'firmwareVersion',
    width: 170,
    cell: ({ firmware_version: version }) =>
      version === null ? (
        <Text span inherit c="dimmed">
          none
        </Text>
      ) : (
        `version ${version}`
      ),
  },
  {
    title: 'Last connected',
    sort: 'lastConnection',
    width: 150,
    cell: ({ last_handshake_at: at }) => <Time at={at} />,
  },
];

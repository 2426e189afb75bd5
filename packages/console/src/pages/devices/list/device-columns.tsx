import { Badge, Group, Text, Tooltip } from '@mantine/core';
import { IconFolders } from '@tabler/icons-react';
import type { Column } from '../../../ui/data-table.tsx';
import { IdText } from '../../../ui/id-text.tsx';
import { Link } from '../../../ui/link.tsx';
import { OnlineBadge } from '../../../ui/online-badge.tsx';
import { Time } from '../../../ui/time.tsx';
import type { SortKey } from '../devices-search.ts';
import { countsLabel, countsReason } from './counts-in.ts';
import type { DeviceRow } from './device-rows.ts';

export interface DeviceColumn extends Column<DeviceRow> {
  readonly id: string;
  readonly sort?: SortKey;
  /** Width in px. */
  readonly width: number;
  /** Not shown unless it is chosen. */
  readonly hidden?: boolean;
}

/** Every column of the list of devices, in its order (UI-01). */
export const DEVICE_COLUMNS: readonly DeviceColumn[] = [
  {
    id: 'online',
    title: 'Status',
    sort: 'online',
    width: 130,
    cell: ({ device }) => <OnlineBadge online={device.online} />,
    text: ({ device }) => (device.online ? 'online' : 'offline'),
  },
  {
    id: 'name',
    title: 'Name',
    sort: 'name',
    width: 190,
    cell: ({ device }) => (
      <Link
        to="/devices/$deviceId"
        params={{ deviceId: device.id }}
        fw={500}
        lineClamp={2}
        title={device.name}
        style={{ overflowWrap: 'anywhere' }}
      >
        {device.name}
      </Link>
    ),
    text: ({ device }) => device.name,
  },
  {
    id: 'id',
    title: 'Device ID',
    sort: 'id',
    width: 250,
    cell: ({ device }) => <IdText id={device.id} what="device ID" />,
    text: ({ device }) => device.id,
  },
  { id: 'type', title: 'Type', sort: 'type', width: 150, cell: ({ type }) => type, text: ({ type }) => type },
  {
    id: 'product',
    title: 'Product',
    sort: 'product',
    width: 150,
    cell: ({ product }) => <ProductCell product={product} />,
    text: ({ product }) => product?.name ?? '',
  },
  {
    id: 'connected',
    title: 'Last connected',
    sort: 'connected',
    width: 165,
    cell: ({ device }) => <Time at={device.last_handshake_at} />,
    text: ({ device }) => device.last_handshake_at ?? '',
  },
  {
    id: 'heard',
    title: 'Last heard',
    sort: 'heard',
    width: 140,
    cell: ({ device }) => <Time at={device.last_heard} />,
    text: ({ device }) => device.last_heard ?? '',
  },
  {
    id: 'counts',
    title: 'Counts in',
    width: 180,
    hidden: true,
    cell: ({ counts }) => (
      <Tooltip label={countsReason(counts)} multiline maw={320} events={{ hover: true, focus: true, touch: true }}>
        <Badge variant="default" tt="none" fw={500} tabIndex={0} leftSection={<IconFolders size={14} aria-hidden />}>
          {countsLabel(counts)}
        </Badge>
      </Tooltip>
    ),
    text: ({ counts }) => countsLabel(counts),
  },
  {
    id: 'os',
    title: 'Device OS',
    width: 110,
    hidden: true,
    cell: ({ device }) => device.system_firmware_version ?? <None />,
    text: ({ device }) => device.system_firmware_version ?? '',
  },
  {
    id: 'serial',
    title: 'Serial number',
    width: 180,
    hidden: true,
    cell: ({ device }) =>
      device.serial_number === null ? <None /> : <span className="mono">{device.serial_number}</span>,
    text: ({ device }) => device.serial_number ?? '',
  },
  {
    id: 'ip',
    title: 'Last IP address',
    width: 160,
    hidden: true,
    cell: ({ device }) => device.last_ip_address ?? <None />,
    text: ({ device }) => device.last_ip_address ?? '',
  },
  {
    id: 'notes',
    title: 'Notes',
    width: 220,
    hidden: true,
    cell: ({ device }) => (
      <Text size="sm" lineClamp={1} title={device.notes ?? undefined}>
        {device.notes ?? <None />}
      </Text>
    ),
    text: ({ device }) => device.notes ?? '',
  },
];

function None() {
  return (
    <Text span inherit c="dimmed" aria-label="none">
      –
    </Text>
  );
}

function ProductCell({ product }: Pick<DeviceRow, 'product'>) {
  if (product === null) return <None />;
  if (!product.visible) {
    return (
      <Group gap={4}>
        <Text size="sm">{product.name}</Text>
      </Group>
    );
  }
  return (
    <Link to="/products/$product" params={{ product: String(product.id) }} style={{ overflowWrap: 'anywhere' }}>
      {product.name}
    </Link>
  );
}

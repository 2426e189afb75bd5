import { Badge, Text } from '@mantine/core';
import type { Column } from '../../../ui/data-table.tsx';
import { IdText } from '../../../ui/id-text.tsx';
import { Link } from '../../../ui/link.tsx';
import { OnlineBadge } from '../../../ui/online-badge.tsx';
import { Time } from '../../../ui/time.tsx';
import type { FleetSort } from '../product-devices-search.ts';
import { FirmwareCell } from './firmware-cell.tsx';
import type { FleetDevice } from './fleet-device.ts';
import { GroupBadges } from './group-badges.tsx';

export interface FleetColumn extends Column<FleetDevice> {
  readonly sort?: FleetSort;
  /** Width in px. */
  readonly width: number;
}

/** The columns of a product's devices. @param product id or slug @param colors of groups by name */
export function fleetColumns(product: string, colors: ReadonlyMap<string, string>): FleetColumn[] {
  return [
    {
      title: 'Status',
      width: 120,
      cell: ({ online }) => <OnlineBadge online={online} />,
    },
    {
      title: 'Name',
      sort: 'deviceName',
      width: 160,
      cell: (device) => <NameCell product={product} device={device} />,
    },
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
      title: 'Owner',
      width: 146,
      cell: ({ owner }) =>
        owner === null ? (
          <Text span inherit c="dimmed">
            none
          </Text>
        ) : (
          <Text span inherit display="block" truncate title={owner}>
            {owner}
          </Text>
        ),
    },
    {
      title: 'Firmware',
      sort: 'firmwareVersion',
      width: 120,
      cell: (device) => <FirmwareCell device={device} />,
    },
    {
      title: 'Groups',
      width: 134,
      cell: ({ groups }) => <GroupBadges groups={groups} colors={colors} />,
    },
    {
      title: 'Last connected',
      sort: 'lastConnection',
      width: 160,
      cell: ({ last_handshake_at: at }) => <Time at={at} />,
    },
  ];
}

function NameCell({ product, device }: { readonly product: string; readonly device: FleetDevice }) {
  return (
    <>
      <Link
        to="/products/$product/devices/$deviceId"
        params={{ product, deviceId: device.id }}
        inherit
        fw={500}
        display="block"
        truncate
        title={device.name}
      >
        {device.name}
      </Link>
      {device.development && (
        <Badge variant="default" size="sm" tt="none">
          development
        </Badge>
      )}
    </>
  );
}

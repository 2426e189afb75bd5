import type { Output } from '@cloudchamber/contract';
import { Badge, Stack, Text } from '@mantine/core';
import type { Column } from '../../ui/data-table.tsx';
import { Link } from '../../ui/link.tsx';
import { Time } from '../../ui/time.tsx';
import type { RolloutDeviceState } from './firmware-search.ts';
import { WAITS } from './update-standing.ts';

type Device = Output<'listRolloutDevices'>['devices'][number];

const LABELS: Readonly<Record<RolloutDeviceState, string>> = {
  offered: 'Under way or waiting',
  succeeded: 'Succeeded',
  failed: 'Failed',
  left: 'Left out',
};
const COLORS: Readonly<Record<RolloutDeviceState, string>> = {
  offered: 'blue',
  succeeded: 'teal',
  failed: 'red',
  left: 'gray',
};
/** What the CSV has. */
export const CSV: readonly Column<Device>[] = [
  ['Device', ({ id }: Device) => id] as const,
  ['State', ({ state }: Device) => LABELS[state]] as const,
  ['Step', ({ step }: Device) => String(step)] as const,
  ['From version', ({ from_version }: Device) => String(from_version ?? '')] as const,
  ['Offered', ({ offered_at }: Device) => offered_at] as const,
  ['Decided', ({ ended_at }: Device) => ended_at ?? ''] as const,
  ['Failed attempts', ({ failures }: Device) => String(failures)] as const,
  ['Message', ({ message }: Device) => message ?? ''] as const,
].map(([title, text]) => ({ title, text, cell: text }));

/** Nothing is known to be under way. */
export const NONE: ReadonlyMap<string, string> = new Map();

/** What is under way with devices that get the version, by their ids, as far as the cloud lists them. */
export function underWay(
  updates: Output<'listProductUpdates'> | undefined,
  version: number,
): ReadonlyMap<string, string> {
  const all = (updates?.devices ?? []).map(({ device_id, current, pending }) => {
    if (current !== null && current.version === version)
      return [device_id, `${current.percent} % transferred`] as const;
    if (pending?.version !== version || pending.blocked === null) return undefined;
    return [device_id, WAITS[pending.blocked]] as const;
  });
  return new Map(all.filter((one) => one !== undefined));
}

/** What the page shows of a device. @param now what is under way with devices, by their ids */
export function columnsOf(product: string, now: ReadonlyMap<string, string>): readonly Column<Device>[] {
  return [
    {
      title: 'Device',
      cell: ({ id }) => (
        <Link
          className="mono"
          style={{ whiteSpace: 'nowrap' }}
          to="/products/$product/devices/$deviceId"
          params={{ product, deviceId: id }}
        >
          {id}
        </Link>
      ),
    },
    { title: 'State', cell: (device) => <DeviceState device={device} now={now.get(device.id)} /> },
    { title: 'Step', cell: ({ step }) => step, align: 'right' },
    { title: 'From version', cell: ({ from_version }) => from_version ?? '–', align: 'right' },
    { title: 'Since', cell: ({ offered_at, ended_at }) => <Time at={ended_at ?? offered_at} /> },
  ];
}

interface DeviceStateProps {
  readonly device: Device;
  /** What is under way with it; undefined for nothing that is known. */
  readonly now: string | undefined;
}

function DeviceState({ device: { state, failures, message }, now }: DeviceStateProps) {
  return (
    <Stack gap={4} align="flex-start">
      {state === 'left' ? (
        <Badge variant="default" miw="max-content">
          {LABELS[state]}
        </Badge>
      ) : (
        <Badge variant="light" color={COLORS[state]} miw="max-content">
          {LABELS[state]}
        </Badge>
      )}
      {state === 'offered' && now !== undefined && <Text size="sm">{now}</Text>}
      {failures > 0 && <Text size="sm">{failures === 1 ? '1 attempt failed' : `${failures} attempts failed`}</Text>}
      {message !== null && <Text size="sm">{message}</Text>}
    </Stack>
  );
}

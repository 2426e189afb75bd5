import { Group, Loader, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { reading } from '../../../data/query.ts';
import { Link } from '../../../ui/link.tsx';
import { Notice } from '../notice.tsx';

const LOOK_AGAIN_MS = 2_000;

export interface WaitForDeviceProps {
  /** Ids of the devices that the account had before. What it has at first when left out. */
  readonly known?: readonly string[];
}

/** Waits until a device is claimed to the account that was not before, and says which. */
export function WaitForDevice({ known }: WaitForDeviceProps) {
  const [before, setBefore] = useState(known);
  // A device becomes the account's without an event: nobody's events go to nobody.
  const { data: devices } = useQuery({
    ...reading('listDevices'),
    staleTime: 0,
    refetchInterval: ({ state }) =>
      before !== undefined && state.data?.some(({ id }) => !before.includes(id)) ? false : LOOK_AGAIN_MS,
  });
  if (before === undefined && devices !== undefined) setBefore(devices.map(({ id }) => id));
  const arrived = before === undefined ? [] : (devices?.filter(({ id }) => !before.includes(id)) ?? []);
  if (arrived.length === 0) {
    return (
      <Group gap="sm" role="status">
        <Loader size="sm" aria-hidden />
        <Text size="sm">Waiting for the device …</Text>
      </Group>
    );
  }
  return arrived.map((device) => (
    <Notice
      key={device.id}
      kind="done"
      live
      title={device.online ? 'The device is yours, and online' : 'The device is yours'}
    >
      <Link to="/devices/$deviceId" params={{ deviceId: device.id }}>
        Open {device.name}
      </Link>
    </Notice>
  ));
}

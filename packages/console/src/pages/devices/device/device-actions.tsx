import { Button, Menu } from '@mantine/core';
import { IconAccessPoint, IconBroadcast, IconBulb, IconBulbOff, IconPencil } from '@tabler/icons-react';
import { useState } from 'react';
import { EditDeviceButton } from '../../../components/edit-device/edit-device-button.tsx';
import { pageOf } from '../../../data/place.ts';
import { useChange } from '../../../data/use-change.ts';
import { LinkButton } from '../../../ui/link.tsx';
import { tellDone } from '../../../ui/toasts.tsx';
import { RenameDevice } from '../rename-device.tsx';
import { useDevice } from './device-context.ts';

/** The buttons beside the name. */
export function DeviceActions() {
  const { api, device, place, can } = useDevice();
  const [renaming, setRenaming] = useState(false);
  const ping = useChange({
    run: api.ping,
    changes: ['getDevice', 'getProductDevice'],
    done: (_none, { online }) => (online ? `${device.name} answers` : `${device.name} does not answer`),
  });
  const signal = useChange({
    run: (on: boolean) => api.change({ signal: on }),
    changes: [],
    onDone: (_reply, on) =>
      tellDone(on ? `${device.name} shows the colours of the rainbow` : `${device.name} shows its status again`),
  });
  const mayChange = can('devices:update');
  return (
    <>
      {can('devices:ping') && (
        <Button
          variant="default"
          leftSection={<IconBroadcast size={18} aria-hidden />}
          loading={ping.isPending}
          onClick={() => ping.mutate()}
        >
          Ping
        </Button>
      )}
      {mayChange && (
        <Menu position="bottom-end">
          <Menu.Target>
            <Button variant="default" leftSection={<IconBulb size={18} aria-hidden />} loading={signal.isPending}>
              Signal
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<IconBulb size={16} aria-hidden />} onClick={() => signal.mutate(true)}>
              Start the rainbow
            </Menu.Item>
            <Menu.Item leftSection={<IconBulbOff size={16} aria-hidden />} onClick={() => signal.mutate(false)}>
              Stop the rainbow
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
      <DoctorButton />
      {place.kind === 'product' ? (
        <EditDeviceButton product={place.product} deviceId={device.id} />
      ) : (
        <Button variant="default" leftSection={<IconPencil size={18} aria-hidden />} onClick={() => setRenaming(true)}>
          Rename
        </Button>
      )}
      <RenameDevice device={device} opened={renaming} onClose={() => setRenaming(false)} />
    </>
  );
}

function DoctorButton() {
  const { device, place } = useDevice();
  const icon = <IconAccessPoint size={18} aria-hidden />;
  return (
    <LinkButton to={pageOf(place, '/doctor')} search={{ device: device.id }} variant="default" leftSection={icon}>
      Doctor
    </LinkButton>
  );
}

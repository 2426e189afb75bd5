import { ActionIcon, Menu } from '@mantine/core';
import { IconAccessPoint, IconDots, IconPencil, IconUnlink } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { RenameDevice } from '../rename-device.tsx';
import { UnclaimDevice } from '../unclaim-device.tsx';
import type { Device } from './device-rows.ts';

/** What can be done with a device out of the list (UI-02). */
export function RowActions({ device }: { readonly device: Device }) {
  const [dialog, setDialog] = useState<'rename' | 'unclaim'>();
  const navigate = useNavigate();
  const close = () => setDialog(undefined);
  return (
    <>
      <Menu position="bottom-end" withinPortal returnFocus>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label={`Actions for ${device.name}`}>
            <IconDots size={18} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconPencil size={16} aria-hidden />} onClick={() => setDialog('rename')}>
            Rename
          </Menu.Item>
          <Menu.Item
            leftSection={<IconAccessPoint size={16} aria-hidden />}
            onClick={() => navigate({ to: '/doctor', search: { device: device.id } })}
          >
            Connection doctor
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item leftSection={<IconUnlink size={16} aria-hidden />} onClick={() => setDialog('unclaim')}>
            Unclaim
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <RenameDevice device={device} opened={dialog === 'rename'} onClose={close} />
      <UnclaimDevice device={device} opened={dialog === 'unclaim'} onClose={close} />
    </>
  );
}

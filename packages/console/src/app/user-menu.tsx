import { ActionIcon, Menu, Text, useMantineColorScheme } from '@mantine/core';
import { IconCheck, IconUserCircle } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { logOut, useUser } from '../data/session.ts';
import { useZone } from '../ui/time.tsx';
import { tellError } from '../ui/toasts.tsx';
import { zoneSetting } from '../ui/zone.ts';

const SCHEMES = [
  ['auto', 'As the system'],
  ['light', 'Light'],
  ['dark', 'Dark'],
] as const;

/** Top right: the account, colours, the zone of times, log-out. */
export function UserMenu() {
  const { username } = useUser();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const zone = useZone();
  const navigate = useNavigate();
  const leave = async () => {
    try {
      await logOut();
    } catch (error) {
      tellError(error);
    }
  };
  const tick = (on: boolean) => (on ? <IconCheck size={16} aria-hidden /> : undefined);
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={`Account of ${username}`}>
          <IconUserCircle size={24} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Text size="sm" px="sm" py={4} fw={600}>
          {username}
        </Text>
        <Menu.Item onClick={() => navigate({ to: '/account' })}>Account</Menu.Item>
        <Menu.Item onClick={() => navigate({ to: '/invitations' })}>Invitations</Menu.Item>
        <Menu.Divider />
        <Menu.Label>Colours</Menu.Label>
        {SCHEMES.map(([scheme, label]) => (
          <Menu.Item
            key={scheme}
            role="menuitemradio"
            aria-checked={colorScheme === scheme}
            rightSection={tick(colorScheme === scheme)}
            onClick={() => setColorScheme(scheme)}
          >
            {label}
          </Menu.Item>
        ))}
        <Menu.Label>Times</Menu.Label>
        {(['local', 'utc'] as const).map((one) => (
          <Menu.Item
            key={one}
            role="menuitemradio"
            aria-checked={zone === one}
            rightSection={tick(zone === one)}
            onClick={() => zoneSetting.set(one)}
          >
            {one === 'utc' ? 'UTC' : 'Local time'}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item onClick={leave}>Log out</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

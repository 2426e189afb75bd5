import { AppShell, Burger, Group, NavLink, ScrollArea } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Outlet, Link as RouterLink, useLocation } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useCan } from '../data/permissions.ts';
import { useSession, useUser } from '../data/session.ts';
import { usePlace } from '../data/use-place.ts';
import { CommandPaletteButton } from './command-palette-button.tsx';
import { InvitationsNotice } from './invitations-notice.tsx';
import { navigationOf } from './navigation.ts';
import { PlaceTitle } from './place-title.tsx';
import { SessionEnded, useSameUser } from './session-ended.tsx';
import classes from './shell.module.css';
import { Switcher } from './switcher.tsx';
import { UserMenu } from './user-menu.tsx';

/** The frame of all pages behind the log-in: the switcher, the place's pages, the account. */
export function Shell() {
  const { user } = useSession();
  useSameUser(user?.id);
  return user === null ? <SessionEnded /> : <Frame />;
}

function Frame() {
  const [opened, { toggle, close }] = useDisclosure();
  const { pathname } = useLocation();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the menu of small screens closes when a page opens
  useEffect(close, [pathname]);
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 220, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      padding="md"
    >
      <a href="#content" className={classes.skip}>
        Skip to the content
      </a>
      <AppShell.Header>
        <Group h="100%" px="md" gap="sm" wrap="nowrap" justify="space-between">
          <Group gap="sm" wrap="nowrap" style={{ minWidth: 0 }}>
            <Burger
              opened={opened}
              onClick={toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label="Menu"
              aria-expanded={opened}
            />
            <Switcher />
            <PlaceTitle />
          </Group>
          <Group gap="xs" wrap="nowrap">
            <CommandPaletteButton />
            <UserMenu />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" aria-label="Pages">
        <ScrollArea type="auto">
          <Pages pathname={pathname} />
        </ScrollArea>
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1}>
        <InvitationsNotice />
        <Outlet />
      </AppShell.Main>
    </AppShell>
  );
}

function Pages({ pathname }: { readonly pathname: string }) {
  const place = usePlace();
  const can = useCan(place);
  const { operator } = useUser();
  const items = navigationOf(place).filter(
    ({ scope, operatorOnly = false }) => (scope === undefined || can(scope)) && (!operatorOnly || operator),
  );
  return items.map(({ label, path, icon: Icon, exact = false }) => {
    const active = exact ? pathname.replace(/\/$/, '') === path : pathname === path || pathname.startsWith(`${path}/`);
    return (
      <NavLink
        key={path}
        component={RouterLink}
        to={path}
        activeOptions={{ exact }}
        label={label}
        leftSection={<Icon size={18} aria-hidden />}
        active={active}
        aria-current={active ? 'page' : undefined}
      />
    );
  });
}

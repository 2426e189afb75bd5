import { Text, useMantineColorScheme } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { Spotlight, spotlight } from '@mantine/spotlight';
import '@mantine/spotlight/styles.css';
import {
  IconArrowRight,
  IconBolt,
  IconBoxMultiple,
  IconBuilding,
  IconClock,
  IconCpu,
  IconFlask,
  IconKeyboard,
  IconLogout,
  IconPalette,
  IconSearch,
  type TablerIcon,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useCan } from '../data/permissions.ts';
import { reading } from '../data/query.ts';
import { logOut, useUser } from '../data/session.ts';
import { usePlace } from '../data/use-place.ts';
import { useZone } from '../ui/time.tsx';
import { tellError } from '../ui/toasts.tsx';
import { zoneSetting } from '../ui/zone.ts';
import { commandsOf, matching } from './command-palette-commands.ts';
import { usePaletteSearch } from './command-palette-search.ts';
import { navigationOf } from './navigation.ts';

const TYPING_MS = 250;

export interface CommandPaletteProps {
  /** Grows each time that it is to open. */
  readonly asked: number;
  /** Shows the keys of the console. */
  onKeys(): void;
}

interface Entry {
  readonly id: string;
  readonly label: string;
  readonly icon: TablerIcon;
  readonly detail?: string;
  readonly keywords?: string;
  run(): void;
}

/** Search over devices, products, organizations, pages and actions; Enter opens the one that is marked. */
export function CommandPalette({ asked, onKeys }: CommandPaletteProps) {
  const [text, setText] = useState('');
  // biome-ignore lint/correctness/useExhaustiveDependencies: each time that it is asked for it opens
  useEffect(() => spotlight.open(), [asked]);
  return (
    <Spotlight.Root
      query={text}
      onQueryChange={setText}
      shortcut={null}
      scrollable
      maxHeight={460}
      aria-label="Search or jump to"
    >
      <Spotlight.Search
        placeholder="Search or jump to…"
        aria-label="Search devices, products, organizations, pages and actions"
        leftSection={<IconSearch size={18} aria-hidden />}
      />
      <Spotlight.ActionsList>
        <Results text={text} onKeys={onKeys} />
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}

function Results({ text, onKeys }: { readonly text: string; onKeys(): void }) {
  const [settled] = useDebouncedValue(text.trim(), TYPING_MS);
  const local = useLocalEntries(onKeys);
  const organizations = useOrganizations();
  const navigate = useNavigate();
  const { found, isSearching, error } = usePaletteSearch(settled);
  const groups: readonly (readonly [string, readonly Entry[]])[] = [
    ['Pages', matching(local.pages, text)],
    [
      'Devices',
      found.devices.map(({ href, ...one }) => ({ ...one, icon: IconCpu, run: () => void navigate({ href }) })),
    ],
    [
      'Products',
      found.products.map(({ href, ...one }) => ({ ...one, icon: IconBoxMultiple, run: () => void navigate({ href }) })),
    ],
    ['Organizations', matching(organizations, text)],
    ['Actions', matching(local.actions, text)],
  ];
  const isEmpty = groups.every(([, entries]) => entries.length === 0);
  return (
    <>
      {groups
        .filter(([, entries]) => entries.length > 0)
        .map(([name, entries]) => (
          <Spotlight.ActionsGroup key={name} label={name}>
            {entries.map(({ id, label, icon: Icon, detail, run }) => (
              <Spotlight.Action
                key={id}
                label={label}
                leftSection={<Icon size={20} stroke={1.5} aria-hidden />}
                onClick={run}
                {...(detail !== undefined && { description: detail })}
              />
            ))}
          </Spotlight.ActionsGroup>
        ))}
      {error !== undefined && (
        <Text size="sm" p="sm" role="alert">
          Devices and products could not be searched: {error}
        </Text>
      )}
      {isEmpty && error === undefined && (
        <Spotlight.Empty>
          {isSearching || settled !== text.trim() ? 'Searching…' : `Nothing found for "${text.trim()}"`}
        </Spotlight.Empty>
      )}
    </>
  );
}

function useOrganizations(): readonly Entry[] {
  const navigate = useNavigate();
  const { data } = useQuery({ ...reading('listOrganizations'), staleTime: 60_000 });
  const sandbox: Entry = {
    id: 'sandbox',
    label: 'Sandbox',
    icon: IconFlask,
    run: () => void navigate({ to: '/devices' }),
  };
  const all = (data?.organizations ?? []).map(({ slug, name }) => ({
    id: `organization-${slug}`,
    label: name,
    keywords: slug,
    icon: IconBuilding,
    run: () => void navigate({ to: '/orgs/$organization/products', params: { organization: slug } }),
  }));
  return [sandbox, ...all];
}

/** What needs no search in the cloud: the pages of the place, what can be made there, and settings of the console. */
function useLocalEntries(onKeys: () => void): { readonly pages: readonly Entry[]; readonly actions: readonly Entry[] } {
  const place = usePlace();
  const can = useCan(place);
  const { operator } = useUser();
  const navigate = useNavigate();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const zone = useZone();
  const pages = navigationOf(place)
    .filter(({ scope, operatorOnly = false }) => (scope === undefined || can(scope)) && (!operatorOnly || operator))
    .map(({ label, path, icon }) => ({ id: `page-${path}`, label, icon, run: () => void navigate({ href: path }) }));
  const account = [
    { id: 'account', label: 'Account', icon: IconArrowRight, run: () => void navigate({ to: '/account' }) },
    { id: 'invitations', label: 'Invitations', icon: IconArrowRight, run: () => void navigate({ to: '/invitations' }) },
  ];
  const commands = commandsOf(place, can).map(({ href, ...one }) => ({
    ...one,
    icon: IconBolt,
    run: () => void navigate({ href }),
  }));
  const schemes = [
    ['auto', 'Colours as the system'],
    ['light', 'Light colours'],
    ['dark', 'Dark colours'],
  ] as const;
  return {
    pages: [...pages, ...account],
    actions: [
      ...commands,
      ...schemes
        .filter(([scheme]) => scheme !== colorScheme)
        .map(([scheme, label]) => ({
          id: `colours-${scheme}`,
          label,
          keywords: 'theme mode scheme',
          icon: IconPalette,
          run: () => setColorScheme(scheme),
        })),
      {
        id: 'zone',
        label: zone === 'utc' ? 'Show times in local time' : 'Show times in UTC',
        keywords: 'zone clock',
        icon: IconClock,
        run: () => zoneSetting.set(zone === 'utc' ? 'local' : 'utc'),
      },
      { id: 'keys', label: 'Keys of the console', keywords: 'shortcuts help ?', icon: IconKeyboard, run: onKeys },
      {
        id: 'log-out',
        label: 'Log out',
        keywords: 'sign leave',
        icon: IconLogout,
        run: () => void logOut().catch(tellError),
      },
    ],
  };
}

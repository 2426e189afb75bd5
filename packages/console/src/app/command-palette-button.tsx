import { ActionIcon, Button, Group, Kbd, Text } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { pathOfPlace } from '../data/place.ts';
import { usePlace } from '../data/use-place.ts';
import { followKeys, isTyping, type ShortcutAction } from './shortcuts.ts';

const CommandPalette = lazy(async () => {
  const { CommandPalette: Palette } = await import('./command-palette.tsx');
  return { default: Palette };
});
const ShortcutsSheet = lazy(async () => {
  const { ShortcutsSheet: Sheet } = await import('./shortcuts-sheet.tsx');
  return { default: Sheet };
});

/** In the header: opens the command palette, as Ctrl-K does, and follows all other keys. What it opens is loaded when it is asked for. */
export function CommandPaletteButton() {
  const [asked, setAsked] = useState(0);
  const [hasKeys, setHasKeys] = useState(false);
  const [showsKeys, setShowsKeys] = useState(false);
  const open = () => setAsked((times) => times + 1);
  const openKeys = () => {
    setHasKeys(true);
    setShowsKeys(true);
  };
  useHotkeys([['mod+K', open]], [], true);
  useShortcuts(openKeys);
  return (
    <>
      <Button
        variant="default"
        visibleFrom="md"
        onClick={open}
        leftSection={<IconSearch size={16} aria-hidden />}
        aria-label="Search or jump to… Ctrl K"
        aria-haspopup="dialog"
        fw={400}
        style={{ flexShrink: 0 }}
      >
        <Group gap="sm" wrap="nowrap">
          <Text size="sm" c="dimmed" span>
            Search or jump to…
          </Text>
          <Kbd size="xs">Ctrl K</Kbd>
        </Group>
      </Button>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        hiddenFrom="md"
        onClick={open}
        aria-label="Search or jump to…"
        aria-haspopup="dialog"
      >
        <IconSearch size={22} aria-hidden />
      </ActionIcon>
      <Suspense>
        {asked > 0 && <CommandPalette asked={asked} onKeys={openKeys} />}
        {hasKeys && <ShortcutsSheet opened={showsKeys} onClose={() => setShowsKeys(false)} />}
      </Suspense>
    </>
  );
}

/** Follows keys on every page, except while the person types or a dialog is open. */
function useShortcuts(onKeys: () => void): void {
  const place = usePlace();
  const navigate = useNavigate();
  const act = (action: ShortcutAction): void => {
    if (action === 'keys') return onKeys();
    if (action === 'filter') return document.querySelector<HTMLElement>('[data-filter-input]')?.focus();
    // A product is in no list of its own: products are those of the person.
    const base = place.kind === 'product' && action === 'products' ? '' : pathOfPlace(place);
    // An organization has no devices of its own.
    const inPlace = place.kind === 'organization' && action === 'devices' ? '' : base;
    void navigate({ to: `${inPlace}/${action}` });
  };
  const latest = useRef(act);
  useEffect(() => {
    latest.current = act;
  });
  useEffect(() => {
    const press = followKeys();
    const listen = (event: KeyboardEvent) => {
      const { key, target, ctrlKey, metaKey, altKey, defaultPrevented } = event;
      if (defaultPrevented || ctrlKey || metaKey || altKey || isTyping(target)) return;
      if (document.querySelector('[role="dialog"]') !== null) return;
      const action = press(key, event.timeStamp);
      if (action === undefined) return;
      event.preventDefault();
      latest.current(action);
    };
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, []);
}

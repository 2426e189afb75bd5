/** What keys do. */
export type ShortcutAction = 'filter' | 'keys' | 'devices' | 'events' | 'products' | 'integrations';

export interface Shortcut {
  /** Pressed one after the other. */
  readonly keys: readonly string[];
  readonly action: ShortcutAction;
  readonly words: string;
}

export const SHORTCUTS: readonly Shortcut[] = [
  { keys: ['/'], action: 'filter', words: 'Go to the filter of the page' },
  { keys: ['?'], action: 'keys', words: 'Show these keys' },
  { keys: ['g', 'd'], action: 'devices', words: 'Go to devices' },
  { keys: ['g', 'e'], action: 'events', words: 'Go to events' },
  { keys: ['g', 'p'], action: 'products', words: 'Go to products' },
  { keys: ['g', 'i'], action: 'integrations', words: 'Go to integrations' },
];

/** How long after the first key of two the second one counts, ms. */
const SEQUENCE_MS = 1_500;

/**
 * Follows the keys that are pressed.
 * @returns takes a key as the browser names it and the time in ms; gives what it does, if anything
 */
export function followKeys(): (key: string, at: number) => ShortcutAction | undefined {
  let before: { readonly key: string; readonly at: number } | undefined;
  return (key, at) => {
    const first = before !== undefined && at - before.at <= SEQUENCE_MS ? before.key : undefined;
    const found =
      SHORTCUTS.find(({ keys }) => keys.length === 2 && keys[0] === first && keys[1] === key) ??
      SHORTCUTS.find(({ keys }) => keys.length === 1 && keys[0] === key);
    before = found === undefined ? { key, at } : undefined;
    return found?.action;
  };
}

/** Whether the person is typing there, so that keys are text. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.matches('input, textarea, select, [role="textbox"], [role="combobox"]');
}

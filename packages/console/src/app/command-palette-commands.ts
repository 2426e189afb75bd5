import type { Scope } from '@cloudchamber/contract';
import { type Place, pathOfPlace } from '../data/place.ts';

/** An entry of the command palette that opens a page, perhaps with its dialog open. */
export interface PaletteCommand {
  readonly id: string;
  readonly label: string;
  /** Address with its query. */
  readonly href: string;
  /** Found by these words too. */
  readonly keywords?: string;
}

interface ScopedCommand extends PaletteCommand {
  readonly scope?: Scope;
}

/**
 * @param can what the person may do in the place
 * @returns what can be made or done there, besides opening its pages
 */
export function commandsOf(place: Place, can: (scope: Scope) => boolean): readonly PaletteCommand[] {
  const base = pathOfPlace(place);
  const commands: readonly ScopedCommand[] = [
    { id: 'new-product', label: 'New product', href: newProductHref(place), keywords: 'create' },
    { id: 'add-device', label: 'Add device', href: '/devices?add=virtual', keywords: 'new claim register virtual' },
    ...(place.kind === 'product'
      ? [
          {
            id: 'import-devices',
            label: 'Add devices to this product',
            href: `${base}/devices?import=true`,
            keywords: 'import ids',
            scope: 'devices:import' as const,
          },
          {
            id: 'upload-firmware',
            label: 'Upload firmware',
            href: `${base}/firmware`,
            keywords: 'new version release',
            scope: 'firmware:create' as const,
          },
        ]
      : []),
    { id: 'publish', label: 'Publish event', href: `${base}/events`, keywords: 'send', scope: 'events:send' },
    {
      id: 'new-integration',
      label: 'New integration',
      href: `${base}/integrations/new`,
      keywords: 'webhook create',
      scope: 'integrations:create',
    },
    ...(place.kind === 'sandbox'
      ? []
      : [
          {
            id: 'invite',
            label: 'Invite a team member',
            href: `${base}/team?dialog=invite`,
            keywords: 'add people',
            scope: 'teams.users:invite' as const,
          },
        ]),
  ];
  return commands.filter(({ scope }) => scope === undefined || can(scope));
}

function newProductHref(place: Place): string {
  return `${place.kind === 'organization' ? pathOfPlace(place) : ''}/products?new=true`;
}

/** @returns those in which every word of the text begins a word, in any case; all without a text */
export function matching<Entry extends { readonly label: string; readonly keywords?: string }>(
  entries: readonly Entry[],
  text: string,
): readonly Entry[] {
  const wanted = wordsOf(text);
  return entries.filter(({ label, keywords = '' }) => {
    const words = wordsOf(`${label} ${keywords}`);
    return wanted.every((begin) => words.some((word) => word.startsWith(begin)));
  });
}

const wordsOf = (text: string): readonly string[] => text.toLowerCase().split(/\s+/).filter(Boolean);

import type { Place } from '../../data/place.ts';

/** What of an integration decides which events trigger it. */
export interface Trigger {
  readonly id: string;
  readonly name: string;
  readonly event: string;
  readonly disabled: boolean;
  readonly deviceID?: string | undefined;
  readonly products?: unknown;
}

/** A place with its integrations. */
export interface TriggerPlace {
  readonly place: Place;
  /** For people, such as "product Greenhouse". */
  readonly label: string;
  /** Numbers of the products whose devices trigger what is here; of the sandbox, by the ids of its own devices. */
  readonly hears: ReadonlySet<number> | ReadonlyMap<string, number>;
  readonly integrations: readonly Trigger[];
}

/** Another integration that the same events trigger. */
export interface DoubleTrigger {
  readonly place: Place;
  readonly label: string;
  readonly other: Trigger;
}

/**
 * Integrations of other places that an event of the same device can trigger too: then both fire (INT-01, INT-02).
 * @returns by id of the integration here
 */
export function doubleTriggers(
  here: TriggerPlace,
  others: readonly TriggerPlace[],
): ReadonlyMap<string, readonly DoubleTrigger[]> {
  const found = new Map<string, DoubleTrigger[]>();
  for (const mine of here.integrations) {
    for (const { place, label, integrations, hears } of others) {
      for (const other of integrations) {
        if (!sameEvents(mine, other)) continue;
        const shared = productsOf(other, hears);
        if (![...productsOf(mine, here.hears)].some((product) => shared.has(product))) continue;
        found.set(mine.id, [...(found.get(mine.id) ?? []), { place, label, other }]);
      }
    }
  }
  return found;
}

function sameEvents(one: Trigger, other: Trigger): boolean {
  if (one.disabled || other.disabled) return false;
  return one.event.startsWith(other.event) || other.event.startsWith(one.event);
}

function productsOf({ deviceID, products }: Trigger, hears: TriggerPlace['hears']): ReadonlySet<number> {
  if (hears instanceof Map) {
    const ofDevices = [...hears].filter(([id]) => deviceID === undefined || id === deviceID.toLowerCase());
    return new Set(ofDevices.map(([, product]) => product));
  }
  const all = new Set(hears.values());
  if (!Array.isArray(products)) return all;
  return new Set(products.map(Number).filter((product) => all.has(product)));
}

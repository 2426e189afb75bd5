type Search = Record<string, unknown>;

/** What the address of the list says after `?`. */
export interface IntegrationsSearch {
  /** Shows only those whose name, event or target has it. */
  readonly q?: string;
}

/** What the address of a new integration says after `?`. */
export interface NewIntegrationSearch {
  /** The tab; the form when left out. */
  readonly view?: 'json';
  /** What `event` begins with. */
  readonly event?: string;
}

const TABS = ['deliveries', 'settings'] as const;

/** What the address of one integration says after `?`. */
export interface IntegrationSearch {
  /** The requests when left out. */
  readonly tab?: (typeof TABS)[number];
  /** Of the settings; the form when left out. */
  readonly view?: 'json';
  /** Of the deliveries; those that failed when left out. */
  readonly state?: 'waiting';
}

export function integrationsSearch({ q }: Search): IntegrationsSearch {
  return typeof q === 'string' && q !== '' ? { q } : {};
}

export function newIntegrationSearch({ view, event }: Search): NewIntegrationSearch {
  return { ...(view === 'json' && { view }), ...(typeof event === 'string' && event !== '' && { event }) };
}

export function integrationSearch({ tab, view, state }: Search): IntegrationSearch {
  const known = TABS.find((one) => one === tab);
  return {
    ...(known !== undefined && { tab: known }),
    ...(view === 'json' && { view }),
    ...(state === 'waiting' && { state }),
  };
}

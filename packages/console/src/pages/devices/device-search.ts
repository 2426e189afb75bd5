import { type EventLogSearch, eventLogSearch } from '../../components/event-log/event-log-search.ts';

const TABS = ['events', 'vitals', 'online', 'firmware'] as const;
export type DeviceTab = (typeof TABS)[number];

const DAYS = [1, 7, 30] as const;
/** How many days charts and the online history go back. */
export type Days = (typeof DAYS)[number];

/** What the address of a device's page says. */
export interface DeviceSearch extends EventLogSearch {
  /** The first that there is when left out. */
  readonly tab?: DeviceTab;
  /** One day when left out. */
  readonly days?: Days;
}

/** @param search of the address; what makes no sense is left out */
export function deviceSearch(search: Record<string, unknown>): DeviceSearch {
  const tab = TABS.find((one) => one === search.tab);
  const days = DAYS.find((one) => one === Number(search.days));
  return { ...eventLogSearch(search), ...(tab && { tab }), ...(days && { days }) };
}

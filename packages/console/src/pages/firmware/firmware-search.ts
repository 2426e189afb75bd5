/** What the address of the firmware page holds. */
export interface FirmwareSearch {
  /** Versions when left out. */
  readonly tab?: 'rollouts';
  /** Versions with this text in number, title, description or file name. */
  readonly q?: string;
  /** Archived versions are shown too. */
  readonly archived?: true;
}

/** Reads the address; what cannot be is left out. */
export function firmwareSearch(search: Record<string, unknown>): FirmwareSearch {
  const { tab, q, archived } = search;
  // The router reads a number in the address as one.
  const text = typeof q === 'number' ? String(q) : q;
  return {
    ...(tab === 'rollouts' && { tab }),
    ...(typeof text === 'string' && text !== '' && { q: text }),
    ...((archived === true || archived === 'true') && { archived: true as const }),
  };
}

const DEVICE_STATES = ['offered', 'succeeded', 'failed', 'left'] as const;
export type RolloutDeviceState = (typeof DEVICE_STATES)[number];

/** What the address of a rollout holds. */
export interface RolloutSearch {
  /** Devices in this state only; all when left out. */
  readonly devices?: RolloutDeviceState;
}

/** Reads the address; what cannot be is left out. */
export function rolloutSearch(search: Record<string, unknown>): RolloutSearch {
  const devices = DEVICE_STATES.find((state) => state === search.devices);
  return devices === undefined ? {} : { devices };
}

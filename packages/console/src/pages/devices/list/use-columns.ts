import { useLocalStorage } from '@mantine/hooks';
import { DEVICE_COLUMNS, type DeviceColumn } from './device-columns.tsx';

const DEFAULTS: readonly string[] = DEVICE_COLUMNS.filter(({ hidden }) => hidden !== true).map(({ id }) => id);

export interface ChosenColumns {
  readonly shown: readonly DeviceColumn[];
  readonly ids: readonly string[];
  choose(ids: readonly string[]): void;
  reset(): void;
}

/** The columns that the person chose, kept in this browser. The name is always there. */
export function useColumns(): ChosenColumns {
  const [ids, setIds] = useLocalStorage<readonly string[]>({ key: 'chamber.devices.columns', defaultValue: DEFAULTS });
  const known = Array.isArray(ids) ? ids : DEFAULTS;
  return {
    shown: DEVICE_COLUMNS.filter(({ id }) => id === 'name' || known.includes(id)),
    ids: known,
    choose: (next) => setIds(next),
    reset: () => setIds(DEFAULTS),
  };
}

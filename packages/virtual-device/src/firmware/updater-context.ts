import type { Clock } from '@cloudchamber/kernel';
import type { FirmwareModule, ModuleImage, OtaFault } from '@cloudchamber/wire';
import type { Connection } from '../connection.ts';
import type { DeviceProfile } from '../profiles/index.ts';
import type { FirmwareStore } from './firmware-store.ts';

/** What the receivers of firmware may do. */
export interface UpdaterContext {
  readonly connection: Pick<Connection, 'acknowledge' | 'confirmable' | 'nonConfirmable' | 'reset' | 'end' | 'over'>;
  readonly clock: Clock;
  readonly profile: DeviceProfile;
  readonly store: FirmwareStore;
  /** The modules that the device has now. */
  readonly modules: () => readonly FirmwareModule[];
  /** Puts checked modules into their places, and restarts when one of them is code. */
  readonly apply: (images: readonly ModuleImage[]) => void;
}

export function isFault(checked: readonly ModuleImage[] | OtaFault): checked is OtaFault {
  return 'code' in checked;
}

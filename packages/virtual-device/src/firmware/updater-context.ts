import type { Clock } from '@cloudchamber/kernel';
import { CoapType, type ModuleImage, type OtaFault } from '@cloudchamber/wire';
import type { Connection } from '../connection.ts';
import type { DeviceProfile } from '../profiles/index.ts';
import type { FirmwareStore } from './firmware-store.ts';
import type { UpdateRules } from './update-rules.ts';

/** What the receivers of firmware may do. */
export interface UpdaterContext {
  readonly connection: Pick<Connection, 'acknowledge' | 'deliver' | 'nonConfirmable' | 'reset' | 'end' | 'over'>;
  readonly clock: Clock;
  readonly profile: DeviceProfile;
  readonly store: FirmwareStore;
  readonly rules: UpdateRules;
  /** What the device makes of a whole file: its modules, or why it does not take them. */
  readonly check: (file: Uint8Array) => readonly ModuleImage[] | OtaFault;
  /** Puts checked modules into their places, and restarts when one of them is code. */
  readonly apply: (images: readonly ModuleImage[]) => void;
}

/** The type of a response by itself (protocol section 6). */
export function typeOf(confirmable: boolean): typeof CoapType.CON | typeof CoapType.NON {
  return confirmable ? CoapType.CON : CoapType.NON;
}

export function isFault(checked: readonly ModuleImage[] | OtaFault): checked is OtaFault {
  return 'code' in checked;
}

import { deviceOs62 } from './device-os-6.2.ts';
import type { DeviceProfile } from './profile.ts';

export { deviceOs62 } from './device-os-6.2.ts';
export type { DeviceProfile } from './profile.ts';

/** Every profile by name. */
export const PROFILES: ReadonlyMap<string, DeviceProfile> = new Map([[deviceOs62.name, deviceOs62]]);

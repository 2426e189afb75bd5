import { deviceOs05 } from './device-os-0.5.ts';
import { deviceOs15 } from './device-os-1.5.ts';
import { deviceOs23 } from './device-os-2.3.ts';
import { deviceOs23Tcp } from './device-os-2.3-tcp.ts';
import { deviceOs33 } from './device-os-3.3.ts';
import { deviceOs42 } from './device-os-4.2.ts';
import { deviceOs62 } from './device-os-6.2.ts';
import type { DeviceProfile } from './profile.ts';

export { deviceOs62 } from './device-os-6.2.ts';
export type { DeviceProfile } from './profile.ts';

const ALL = [deviceOs05, deviceOs15, deviceOs23, deviceOs33, deviceOs42, deviceOs62];

/** Every profile on UDP by name, oldest first (protocol section 13). A new one is a file of its own and a line here. */
export const PROFILES: ReadonlyMap<string, DeviceProfile> = new Map(ALL.map((profile) => [profile.name, profile]));

/** Those on TCP. */
export const TCP_PROFILES: ReadonlyMap<string, DeviceProfile> = new Map([[deviceOs23Tcp.name, deviceOs23Tcp]]);

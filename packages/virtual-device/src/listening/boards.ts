import { ModuleFunction } from '@cloudchamber/wire';
import { deviceOs33 } from '../profiles/device-os-3.3.ts';
import { deviceOs42 } from '../profiles/device-os-4.2.ts';
import { deviceOs62 } from '../profiles/device-os-6.2.ts';
import { soundModule } from '../profiles/sound-module.ts';
import type { ListeningBoard } from './listening-board.ts';

const { BOOTLOADER, SYSTEM_PART, USER_PART } = ModuleFunction;
const SECRET = ['Device Secret', 'K4W7E2PQ9ZTM3XA'] as const;
const SIM = { imei: '352753090000017', iccid: '89314404000000000017' };

/** Gen 2: two system modules, and WPA Enterprise. */
const photon: ListeningBoard = {
  platformId: 6,
  version: '1.5.2',
  wifi: true,
  enterprise: true,
  facts: [],
  mac: 'e0:4f:43:00:00:06',
  modules: [
    soundModule({ function: BOOTLOADER, index: 0, version: 502, maxSize: 16_384 }),
    soundModule({
      function: SYSTEM_PART,
      index: 1,
      version: 1512,
      maxSize: 262_144,
      dependencies: [{ function: SYSTEM_PART, index: 2, version: 207 }],
    }),
    soundModule({
      function: SYSTEM_PART,
      index: 2,
      version: 1512,
      maxSize: 262_144,
      dependencies: [
        { function: SYSTEM_PART, index: 1, version: 1512 },
        { function: BOOTLOADER, index: 0, version: 400 },
      ],
    }),
    {
      ...soundModule({
        function: USER_PART,
        index: 1,
        version: 3,
        maxSize: 131_072,
        dependencies: [{ function: SYSTEM_PART, index: 2, version: 6 }],
      }),
      hash: 'b3a6dcd529be70fbe24ee959c7305d58e3bc9a04acdce8f093c7a1f759097d09',
    },
  ],
};

/** Gen 3 with Wi-Fi. */
const argon: ListeningBoard = {
  platformId: deviceOs33.platformId,
  version: '3.3.0',
  wifi: true,
  enterprise: false,
  facts: [SECRET, ['Serial Number', 'ARHAAA000000017']],
  mac: 'e0:4f:43:00:00:12',
  modules: deviceOs33.modules,
};

/** P2 and Photon 2. */
const p2: ListeningBoard = {
  ...argon,
  platformId: deviceOs62.platformId,
  version: '6.2.0',
  facts: [SECRET, ['Serial Number', 'P046AAA00000017']],
  mac: '94:94:4a:00:00:32',
  modules: deviceOs62.modules,
};

/** Gen 3 with a modem: no Wi-Fi to set up, and a SIM to tell of. */
const b5som: ListeningBoard = {
  platformId: deviceOs42.platformId,
  version: '4.2.0',
  wifi: false,
  enterprise: false,
  facts: [['IMEI', SIM.imei], ['ICCID', SIM.iccid], SECRET, ['Serial Number', 'P400AAA00000017']],
  mac: '00:00:00:00:00:00',
  modules: deviceOs42.modules,
  ...SIM,
};

/** A board of each family that listening mode differs on, by name. */
export const LISTENING_BOARDS: ReadonlyMap<string, ListeningBoard> = new Map(
  Object.entries({ photon, argon, p2, b5som }),
);

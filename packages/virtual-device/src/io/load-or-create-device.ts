import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  ChamberError,
  type DeviceId,
  deviceIdFromBytes,
  type Entropy,
  type Logger,
  parseDeviceId,
} from '@cloudchamber/kernel';
import { generateP256, loadP256, type PrivateKeyP256 } from '@cloudchamber/wire';
import { FirmwareStore } from '../firmware/firmware-store.ts';
import type { SessionStorage } from '../session-storage.ts';
import { firmwareFile } from './firmware-file.ts';
import { sessionFile } from './session-file.ts';

/** A device that lives in a state folder. */
export interface KeptDevice {
  readonly deviceId: DeviceId;
  readonly name: string;
  readonly identity: PrivateKeyP256;
  readonly storage: SessionStorage;
  /** What it got over the air, as of an earlier process as well. */
  readonly firmware: FirmwareStore;
  /** True when it was made just now, so that no cloud knows it. */
  readonly created: boolean;
}

/** What `device.json` holds; the key is a PKCS #8 PEM. */
interface DeviceFile {
  readonly device_id: string;
  readonly name: string;
  readonly private_key: string;
}

const DEVICE_ID_BYTES = 12;
const SAFE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/**
 * The device called `name` in `folder`, made with a new id and key when it isn't there. It keeps `device.json` (id and private key), `session` and
 * `firmware` in `<folder>/<name>/`, mode 0600: the next call gives the same device, which resumes its session with the firmware that it got.
 * @throws ChamberError `device.bad_name` for a name that can't be a folder's, `device.unreadable` when its file is damaged
 */
export async function loadOrCreateDevice(
  folder: string,
  name: string,
  entropy: Entropy,
  log: Logger,
): Promise<KeptDevice> {
  if (!SAFE_NAME.test(name)) {
    throw new ChamberError(
      'device.bad_name',
      'caller',
      `"${name}" is no device name: letters, digits, dots and dashes`,
    );
  }
  const home = join(folder, name);
  const path = join(home, 'device.json');
  const storage = sessionFile(join(home, 'session'), log);
  const kept = await readDevice(path);
  const firmware = new FirmwareStore(firmwareFile(join(home, 'firmware'), log));
  if (kept !== undefined) return { ...kept, name, storage, firmware, created: false };
  await mkdir(home, { recursive: true, mode: 0o700 });
  const deviceId = deviceIdFromBytes(entropy.bytes(DEVICE_ID_BYTES));
  const identity = generateP256();
  await writeWhole(path, { device_id: deviceId, name, private_key: identity.pem });
  return { deviceId, identity, name, storage, firmware, created: true };
}

async function readDevice(path: string): Promise<{ deviceId: DeviceId; identity: PrivateKeyP256 } | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const file = JSON.parse(text) as Partial<DeviceFile>;
    const deviceId = parseDeviceId(String(file.device_id));
    if (deviceId === undefined) throw new TypeError('device_id is no device id');
    return { deviceId, identity: loadP256(String(file.private_key)) };
  } catch (cause) {
    const message = `${path} is damaged: restore it, or delete it to get a new device in its place`;
    throw new ChamberError('device.unreadable', 'caller', message, { cause });
  }
}

/** All or nothing: a crash leaves no half of a key behind. */
async function writeWhole(path: string, file: DeviceFile): Promise<void> {
  const draft = `${path}.new`;
  await writeFile(draft, `${JSON.stringify(file, undefined, 2)}\n`, { mode: 0o600 });
  await rename(draft, path);
}

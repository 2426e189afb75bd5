import { randomBytes } from 'node:crypto';
import { deviceOs62 } from '@cloudchamber/virtual-device';
import { buildModule, ModuleFunction } from '@cloudchamber/wire';
import type { Load } from '../load.ts';
import type { ServerProcess } from '../server-process.ts';

export interface FirmwareFigures {
  readonly devices: number;
  /** From the first upload until the last device has restarted into the new version. */
  readonly seconds: number;
  /** Bytes of firmware that reached devices, per second over all of them. */
  readonly bytesPerSecond: number;
  /** Of the server, for each chunk of 512 bytes. */
  readonly cpuMicrosPerChunk: number;
}

const IMAGE_BYTES = 1_000_000;
const CHUNK_BYTES = 512;

/** One image of 1 MB to each device at once, by OTA v3: uploaded over REST, sent, verified and started by the device. */
export async function measureFirmware(server: ServerProcess, load: Load, devices: number): Promise<FirmwareFigures> {
  const ids = await load.fleet(server, devices);
  const version = 7;
  const image = buildModule({
    function: ModuleFunction.USER_PART,
    version,
    platformId: deviceOs62.platformId,
    content: randomBytes(IMAGE_BYTES),
  });
  const before = await server.figures();
  const started = performance.now();
  await Promise.all(ids.map((id) => server.flash(id, image)));
  await load.tell({ do: 'updated', version });
  const seconds = (performance.now() - started) / 1000;
  const after = await server.figures();
  const bytes = image.length * devices;
  const cpuMicrosPerChunk = ((after.cpuSeconds - before.cpuSeconds) * 1e6) / (bytes / CHUNK_BYTES);
  return { devices, seconds, bytesPerSecond: bytes / seconds, cpuMicrosPerChunk };
}

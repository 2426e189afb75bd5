import { randomBytes } from 'node:crypto';
import { deviceOs62 } from '@cloudchamber/virtual-device';
import { buildModule, ModuleFunction } from '@cloudchamber/wire';
import type { BareUpdateFigures } from '../bare-update-process.ts';
import { HEADER_BYTES, noTraffic, type Traffic } from '../counted-socket.ts';
import { Load } from '../load.ts';
import type { Command } from '../load-process.ts';
import type { ServerProcess } from '../server-process.ts';
import { measureBareUpdate } from './bare-update.ts';

export interface FleetUpdateFigures {
  readonly devices: number;
  readonly imageBytes: number;
  /** From the release until the last device has restarted into the new version. */
  readonly seconds: number;
  /** Of the server, in that time. */
  readonly cpuSeconds: number;
  /** Resident memory of the server: with all devices connected before, and the most in that time. */
  readonly restingBytes: number;
  readonly peakBytes: number;
  /** On the wire, IPv4 and UDP headers included. */
  readonly downBytes: number;
  readonly upBytes: number;
  /** As many datagrams of the same size between bare sockets. */
  readonly bare: BareUpdateFigures;
}

/** Devices are in as many processes, none of which is the server. */
const PROCESSES = 2;
/** Transfers at the same time: what the server has when nothing else is set. */
const AT_ONCE = 100;
const VERSION = 2;
/** Of prefix, suffix and checksum. */
const AROUND_BYTES = 68;

/** Releases a version to a product, at once for all its devices, all of them online; each gets the image by OTA v3, verifies it and restarts into it. */
export async function measureFleetUpdate(
  server: ServerProcess,
  devices: number,
  imageBytes: number,
): Promise<FleetUpdateFigures> {
  const loads = Array.from({ length: PROCESSES }, () => new Load());
  const pilot = new Load();
  try {
    const product = await server.createProduct('bench');
    const image = buildModule({
      function: ModuleFunction.USER_PART,
      version: VERSION,
      platformId: deviceOs62.platformId,
      content: randomBytes(imageBytes - AROUND_BYTES),
      product: { id: product, version: VERSION },
    });
    await server.uploadFirmware(product, VERSION, image);
    await runOnPilot(server, pilot, product);
    const each = devices / PROCESSES;
    for (const [at, load] of loads.entries()) {
      const ids = await load.fleet(server, each, 2 + at * each);
      await server.post(`/v1/products/${product}/devices`, { ids });
    }
    await tellAll(loads, { do: 'traffic' });
    const before = await server.settledFigures();
    await server.forgetPeak();
    const started = performance.now();
    await server.put(`/v1/products/${product}/firmware/release`, {
      version: VERSION,
      product_default: true,
      groups: [],
      intelligent: true,
    });
    await tellAll(loads, { do: 'updated', version: VERSION });
    const seconds = (performance.now() - started) / 1000;
    const after = await server.figures();
    const peakBytes = await server.peakBytes();
    const traffic = sum(await tellAll<Traffic>(loads, { do: 'traffic' }));
    const bare = await measureBareUpdate({
      devices,
      processes: PROCESSES,
      atOnce: AT_ONCE,
      datagrams: Math.ceil(traffic.received / devices),
      datagramBytes: Math.round(traffic.receivedBytes / traffic.received) - HEADER_BYTES,
      perAnswer: traffic.received / traffic.sent,
      answerBytes: Math.round(traffic.sentBytes / traffic.sent) - HEADER_BYTES,
    });
    return {
      devices,
      imageBytes: image.length,
      seconds,
      cpuSeconds: after.cpuSeconds - before.cpuSeconds,
      restingBytes: before.residentBytes,
      peakBytes,
      downBytes: traffic.receivedBytes,
      upBytes: traffic.sentBytes,
      bare,
    };
  } finally {
    for (const load of [pilot, ...loads]) load.stop();
  }
}

/** A version is released only after a device of the product has run it. */
async function runOnPilot(server: ServerProcess, pilot: Load, product: number): Promise<void> {
  const [deviceId = ''] = await pilot.fleet(server, 1);
  await server.post(`/v1/products/${product}/devices`, { ids: [deviceId] });
  const lock = { desired_firmware_version: VERSION, flash: true };
  await server.put(`/v1/products/${product}/devices/${deviceId}`, lock);
  const runs = async (): Promise<boolean> => {
    const device = await server.get(`/v1/products/${product}/devices/${deviceId}`);
    return (device as { firmware_version: number | null }).firmware_version === VERSION;
  };
  while (!(await runs())) await new Promise((resolve) => setTimeout(resolve, 100));
}

function tellAll<Result>(loads: readonly Load[], command: Command): Promise<Result[]> {
  return Promise.all(loads.map((load) => load.tell<Result>(command)));
}

function sum(all: readonly Traffic[]): Traffic {
  const total = noTraffic();
  for (const { received, receivedBytes, sent, sentBytes } of all) {
    total.received += received;
    total.receivedBytes += receivedBytes;
    total.sent += sent;
    total.sentBytes += sentBytes;
  }
  return total;
}

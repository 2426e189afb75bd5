import { join } from 'node:path';
import { type Logger, systemClock, systemEntropy } from '@cloudchamber/kernel';
import {
  BEHAVIOURS,
  type BehaviourFactory,
  CloudApi,
  Fleet,
  loadOrCreateDevice,
  memoryStorage,
  openUdpSocket,
  type ServerAddress,
} from '@cloudchamber/virtual-device';
import type { DemoDevice } from './demo-file.ts';

/** One virtual device of each. */
const KINDS = ['tinker', 'weather', 'echo'] as const;

export interface DemoFleetOptions {
  readonly dataDir: string;
  readonly api: string;
  readonly token: string;
  readonly server: ServerAddress;
  /** The cloud's public key, 91 bytes. */
  readonly serverSpki: Uint8Array;
  readonly log: Logger;
}

/**
 * Registers and claims the demo's devices over the API, as anybody would, and connects them. Their keys are kept in the data folder; their sessions are not, so
 * that every start shows a whole connection.
 * @returns once all of them are connected
 */
export async function startDemoFleet(options: DemoFleetOptions): Promise<{ fleet: Fleet; devices: DemoDevice[] }> {
  const { dataDir, api, token, server, serverSpki, log } = options;
  const cloud = new CloudApi(api, token);
  const members = [];
  for (const kind of KINDS) {
    const device = await loadOrCreateDevice(join(dataDir, 'demo-devices'), kind, systemEntropy, log);
    await cloud.adopt(device);
    if (device.created) await cloud.rename(device.deviceId, device.name);
    members.push({ ...device, kind, storage: memoryStorage(), behaviour: behaviourOf(kind) });
  }
  const fleet = new Fleet({
    members,
    server,
    serverSpki,
    clock: systemClock,
    entropy: systemEntropy,
    openSocket: () => openUdpSocket(server.address),
    log,
  });
  await fleet.start();
  return { fleet, devices: members.map(({ deviceId, name, kind }) => ({ id: deviceId, name, kind })) };
}

function behaviourOf(kind: string): BehaviourFactory {
  const behaviour = BEHAVIOURS.get(kind);
  if (behaviour === undefined) throw new Error(`there is no behaviour "${kind}"`);
  return behaviour;
}

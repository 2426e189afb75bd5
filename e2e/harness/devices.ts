import { randomBytes } from 'node:crypto';
import { publicKeyPem } from '@cloudchamber/cloud';
import { type DeviceId, deviceIdFromBytes, systemClock, systemEntropy } from '@cloudchamber/kernel';
import {
  BEHAVIOURS,
  Fleet,
  type FleetOptions,
  openUdpSocket,
  VirtualDevice,
  type VirtualDeviceOptions,
} from '@cloudchamber/virtual-device';
import { generateP256, type PrivateKeyP256 } from '@cloudchamber/wire';
import type Particle from 'particle-api-js';
import type { CloudServer } from './cloud-server.ts';

const STARTS_PER_SECOND = 400;

/** Who a device is; it lives longer than any of its connections. */
export interface DeviceIdentity {
  readonly deviceId: DeviceId;
  readonly identity: PrivateKeyP256;
  /** Its public key, as it is registered. */
  readonly publicKeyPem: string;
}

export function newDeviceIdentity(): DeviceIdentity {
  const identity = generateP256();
  const deviceId = deviceIdFromBytes(randomBytes(12));
  return { deviceId, identity, publicKeyPem: publicKeyPem(identity.spki) };
}

/** A device of the account of `client`: its key is registered and it is claimed, as the virtual device's own command does it. It is not connected. */
export async function registerDevice(client: Particle, name: string): Promise<DeviceIdentity> {
  const device = newDeviceIdentity();
  const { deviceId, publicKeyPem: key } = device;
  await client.sendPublicKey({ deviceId, key, algorithm: 'ecc' });
  await client.claimDevice({ deviceId });
  await client.renameDevice({ deviceId, name });
  return device;
}

/** The device, freshly powered on: without a session, not connected yet. */
export function powerOn(
  server: CloudServer,
  { deviceId, identity }: DeviceIdentity,
  options: Partial<VirtualDeviceOptions> = {},
): VirtualDevice {
  return new VirtualDevice({
    deviceId,
    identity,
    serverSpki: server.publicKey,
    server: server.device,
    clock: systemClock,
    entropy: systemEntropy,
    openSocket: () => openUdpSocket(server.device.address),
    ...options,
  });
}

/** A device of the account with one of the virtual device's behaviours, connected. */
export async function addDevice(
  server: CloudServer,
  client: Particle,
  behaviour: 'echo' | 'tinker' | 'weather',
): Promise<VirtualDevice> {
  const device = powerOn(server, await registerDevice(client, behaviour), { behaviour: BEHAVIOURS.get(behaviour) });
  await device.connect();
  return device;
}

/** Many devices of the operator's account, registered through the operator's route; none is connected. */
export async function registerFleet(operator: Particle, owner: string, count: number): Promise<DeviceIdentity[]> {
  const devices = Array.from({ length: count }, newDeviceIdentity);
  for (const { deviceId, publicKeyPem } of devices) {
    const data = { id: deviceId, public_key: publicKeyPem, owner };
    await operator.post({ uri: '/v1/operator/devices', data });
  }
  return devices;
}

/** The devices, freshly powered on and all connected. */
export async function powerOnFleet(
  server: CloudServer,
  members: readonly DeviceIdentity[],
  options: Pick<Partial<FleetOptions>, 'openSocket'> = {},
): Promise<Fleet> {
  const fleet = new Fleet({
    members,
    serverSpki: server.publicKey,
    server: server.device,
    clock: systemClock,
    entropy: systemEntropy,
    openSocket: () => openUdpSocket(server.device.address),
    startsPerSecond: STARTS_PER_SECOND,
    ...options,
  });
  await fleet.start();
  return fleet;
}

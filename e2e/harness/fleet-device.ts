import { createPublicKey, randomBytes } from 'node:crypto';
import { publicKeyPem } from '@cloudchamber/cloud';
import { type DeviceId, deviceIdFromBytes, systemClock, systemEntropy } from '@cloudchamber/kernel';
import {
  type DeviceProfile,
  deviceOs62,
  FirmwareStore,
  memoryStorage,
  openTcpStream,
  openUdpSocket,
  PROFILES,
  TCP_PROFILES,
  type UpdateFault,
  VirtualDevice,
} from '@cloudchamber/virtual-device';
import { buildModule, generateP256, generateRsa, ModuleFunction, type ModuleImage, sha256 } from '@cloudchamber/wire';
import type Particle from 'particle-api-js';
import type { CloudServer } from './cloud-server.ts';

/** Device OS of three ages on Argons (platform 12): the first two take firmware by v3, the last by the old fast mode (protocol section 9). */
export const ARGONS: readonly DeviceProfile[] = [
  { ...deviceOs62, name: 'argon-6.2', platformId: 12 },
  profileNamed('device-os-3.3'),
  profileNamed('device-os-1.5'),
];

/** A Core (platform 0) on TCP: the old slow mode is all that it knows. */
export const CORE: DeviceProfile = { ...profileNamed('device-os-2.3-tcp'), name: 'core', platformId: 0 };

/** The firmware of a device, with every application that it was given. */
class RecordedFirmware extends FirmwareStore {
  /** SHA-256 of the files of applications, in the order in which the device restarted into them. */
  readonly applied: string[] = [];

  override install(images: readonly ModuleImage[]): void {
    super.install(images);
    for (const { prefix, bytes } of images) {
      if (prefix.function === ModuleFunction.USER_PART) this.applied.push(fileHash(bytes));
    }
  }
}

export interface FleetDeviceOptions {
  readonly profile: DeviceProfile;
  readonly productId: number;
  /** The version that it was made with. */
  readonly productVersion: number;
  readonly updateFault?: UpdateFault;
}

/** A device of a product: a virtual device whose sessions and applications are known. */
export class FleetDevice {
  readonly device: VirtualDevice;
  readonly deviceId: DeviceId;
  readonly #firmware = new RecordedFirmware();
  readonly #storage = memoryStorage();
  readonly #firstVersion: number;

  private constructor(server: CloudServer, keys: DeviceKeys, options: FleetDeviceOptions) {
    const { deviceId, serverSpki } = keys;
    const common = {
      ...options,
      deviceId,
      serverSpki,
      clock: systemClock,
      entropy: systemEntropy,
      storage: this.#storage,
      firmware: this.#firmware,
    };
    const { address, port } = server.tcpDevice;
    this.device =
      keys.algorithm === 'rsa'
        ? new VirtualDevice({
            ...common,
            identity: keys.identity,
            server: server.tcpDevice,
            openStream: () => openTcpStream(address, port),
          })
        : new VirtualDevice({
            ...common,
            identity: keys.identity,
            server: server.device,
            openSocket: () => openUdpSocket(address),
          });
    this.deviceId = deviceId;
    this.#firstVersion = options.productVersion;
  }

  /** A device that the server knows through the operator's route; it belongs to nobody and is not connected. */
  static async register(server: CloudServer, operator: Particle, options: FleetDeviceOptions): Promise<FleetDevice> {
    const { platformId, transport } = options.profile;
    const keys = transport === 'tcp' ? await rsaKeys(server) : ecKeys(server);
    const { deviceId: id, algorithm } = keys;
    const public_key = publicKeyPem(keys.identity.spki);
    await operator.post({ uri: '/v1/operator/devices', data: { id, public_key, algorithm, platform_id: platformId } });
    return new FleetDevice(server, keys, options);
  }

  /** The version that it runs: what its next Hello says. */
  get version(): number {
    return this.#firmware.product?.version ?? this.#firstVersion;
  }

  /** The applications that it was given, as `fileHash` of their files. */
  get applied(): readonly string[] {
    return this.#firmware.applied;
  }

  /** Bytes of the image that is on its way to it; 0 when there is none, and in the old modes. */
  get arrived(): number {
    return this.#firmware.partial?.received ?? 0;
  }

  /** Leaves, and comes back in the session that it had; on TCP there is no such thing. */
  async resume(): Promise<void> {
    await this.device.disconnect();
    await this.device.connect();
  }

  /** Leaves, forgets its session, and comes back with a handshake. */
  async handshake(): Promise<void> {
    await this.device.disconnect();
    this.#storage.erase();
    await this.device.connect();
  }
}

/** An application with its product's numbers, of about so many bytes; no other has the same content. */
export function productApplication(
  platformId: number,
  productId: number,
  version: number,
  contentBytes: number,
): Buffer {
  return buildModule({
    function: ModuleFunction.USER_PART,
    version,
    platformId,
    content: randomBytes(contentBytes),
    product: { id: productId, version },
  });
}

export function fileHash(file: Uint8Array): string {
  return sha256(file).toString('hex');
}

type DeviceKeys = { readonly deviceId: DeviceId; readonly serverSpki: Uint8Array } & (
  | { readonly algorithm: 'ecc'; readonly identity: ReturnType<typeof generateP256> }
  | { readonly algorithm: 'rsa'; readonly identity: ReturnType<typeof generateRsa> }
);

function ecKeys(server: CloudServer): DeviceKeys {
  const identity = generateP256();
  return { algorithm: 'ecc', identity, serverSpki: server.publicKey, deviceId: deviceIdFromBytes(randomBytes(12)) };
}

async function rsaKeys(server: CloudServer): Promise<DeviceKeys> {
  const response = await fetch(`${server.url}/v1/server-key?algorithm=rsa`);
  const { public_key: pem } = (await response.json()) as { public_key: string };
  const serverSpki = createPublicKey(pem).export({ type: 'spki', format: 'der' });
  const identity = generateRsa(1024);
  return { algorithm: 'rsa', identity, serverSpki, deviceId: deviceIdFromBytes(randomBytes(12)) };
}

function profileNamed(name: string): DeviceProfile {
  const profile = PROFILES.get(name) ?? TCP_PROFILES.get(name);
  if (profile === undefined) throw new Error(`there is no profile ${name}`);
  return profile;
}

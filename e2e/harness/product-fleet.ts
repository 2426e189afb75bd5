import type { DeviceProfile, UpdateFault } from '@cloudchamber/virtual-device';
import type Particle from 'particle-api-js';
import type { CloudServer } from './cloud-server.ts';
import { eventually } from './eventually.ts';
import { FleetDevice, fileHash, productApplication } from './fleet-device.ts';

const FIRST_VERSION = 1;

export interface ProductFleetOptions {
  readonly server: CloudServer;
  /** The operator, who has the product as well. */
  readonly owner: Particle;
  readonly name: string;
  readonly count: number;
  /** In turn; all on the same platform. */
  readonly profiles: readonly DeviceProfile[];
  /** Of the applications. */
  readonly imageBytes: number;
  readonly updateFault?: UpdateFault;
}

/** A product with its devices and its applications, by version. */
export class ProductFleet {
  readonly product: number;
  readonly devices: readonly FleetDevice[];
  readonly #images = new Map<number, Buffer>();
  readonly #platformId: number;
  readonly #options: ProductFleetOptions;

  private constructor(options: ProductFleetOptions, product: number, devices: readonly FleetDevice[]) {
    this.#options = options;
    this.#platformId = platformOf(options.profiles);
    this.product = product;
    this.devices = devices;
  }

  /** A product with `count` devices that were made with version 1; they are imported, and not connected. */
  static async create(options: ProductFleetOptions): Promise<ProductFleet> {
    const { server, owner, name, profiles, count, updateFault } = options;
    const product = { name, description: 'Waters the beds', platform_id: platformOf(profiles) };
    const uri = '/v1/user/products';
    const { id } = (await owner.post<{ product: { id: number } }>({ uri, data: { product } })).body.product;
    const devices: FleetDevice[] = [];
    for (let at = 0; at < count; at++) {
      const profile = profiles[at % profiles.length];
      if (profile === undefined) throw new Error('a fleet needs a profile');
      const made = { profile, productId: id, productVersion: FIRST_VERSION };
      devices.push(await FleetDevice.register(server, owner, updateFault ? { ...made, updateFault } : made));
    }
    const file = Buffer.from(devices.map(({ deviceId }) => `${deviceId}\n`).join(''));
    await owner.addDeviceToProduct({ product: id, file });
    return new ProductFleet(options, id, devices);
  }

  /** All devices power on. */
  async connect(): Promise<void> {
    await Promise.all(this.devices.map(({ device }) => device.connect()));
  }

  async disconnect(): Promise<void> {
    await Promise.all(this.devices.map(({ device }) => device.disconnect({ timeoutMs: 0 })));
  }

  /** The application of that version. */
  image(version: number): Buffer {
    const { imageBytes } = this.#options;
    const image = this.#images.get(version) ?? productApplication(this.#platformId, this.product, version, imageBytes);
    this.#images.set(version, image);
    return image;
  }

  /** The version whose application that is; undefined for one that nobody built. */
  versionOf(hash: string): number | undefined {
    return [...this.#images].find(([, image]) => fileHash(image) === hash)?.[0];
  }

  async upload(version: number): Promise<void> {
    const { owner } = this.#options;
    const title = `version ${version}`;
    await owner.uploadProductFirmware({ product: this.product, version, title, file: this.image(version) });
  }

  /** Locks the device to a version, sends it at once, and waits until the cloud has seen it run: then it may be released. */
  async pilot(device: FleetDevice, version: number): Promise<void> {
    const { owner } = this.#options;
    const { deviceId } = device;
    await owner.lockDeviceProductFirmware({
      product: this.product,
      deviceId,
      desiredFirmwareVersion: version,
      flash: true,
    });
    await eventually(`the pilot to run version ${version}`, () => device.version === version, 30_000);
    await eventually('the cloud to see it', async () => (await this.seen(device)) === version);
  }

  /** The version that the cloud says the device runs. */
  async seen({ deviceId }: FleetDevice): Promise<number | null> {
    const { body } = await this.#options.owner.getDevice({ product: this.product, deviceId });
    return (body as unknown as { firmware_version: number | null }).firmware_version;
  }

  /** The versions that the cloud says the devices run, by device id. */
  async listed(): Promise<Map<string, number | null>> {
    const { body } = await this.#options.owner.listDevices({ product: this.product, perPage: 1000 });
    const { devices } = body as unknown as { devices: { id: string; firmware_version: number | null }[] };
    return new Map(devices.map(({ id, firmware_version }) => [id, firmware_version]));
  }

  /** Releases a version to exactly these groups, and as the default or not. */
  async release(
    version: number,
    to: { readonly groups?: string[]; readonly productDefault?: boolean; readonly atOnce?: boolean },
  ): Promise<void> {
    const { groups = [], productDefault = false, atOnce = false } = to;
    const { product } = this;
    await this.#options.owner.releaseProductFirmware({
      product,
      version,
      product_default: productDefault,
      groups,
      intelligent: atOnce,
    });
  }

  async putInto(device: FleetDevice, ...groups: string[]): Promise<void> {
    const uri = `/v1/products/${this.product}/devices/${device.deviceId}`;
    await this.#options.owner.put({ uri, data: { groups } });
  }
}

function platformOf([profile]: readonly DeviceProfile[]): number {
  if (profile === undefined) throw new Error('a fleet needs a profile');
  return profile.platformId;
}

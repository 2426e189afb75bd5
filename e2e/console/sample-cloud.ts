import type { Client } from '@cloudchamber/contract';
import { BEHAVIOURS, type VirtualDevice } from '@cloudchamber/virtual-device';
import type Particle from 'particle-api-js';
import { logIn, signUp } from '../harness/api-client.ts';
import { type Account, type CloudServer, startServer } from '../harness/cloud-server.ts';
import { powerOn, registerDevice } from '../harness/devices.ts';
import { eventually } from '../harness/eventually.ts';
import { ARGONS } from '../harness/fleet-device.ts';
import { HookTarget } from '../harness/hook-target.ts';
import { ownClient } from '../harness/own-client.ts';
import { ProductFleet } from '../harness/product-fleet.ts';

const IMAGE_BYTES = 4000;
const FLEET = 6;
const BEHAVIOUR_NAMES = ['weather', 'tinker', 'echo'] as const;

/** Addresses of what a sample cloud has, for pages that are about one thing. */
export interface SampleIds {
  readonly deviceId: string;
  readonly integrationId: string;
  readonly product: number;
  readonly productDeviceId: string;
  readonly productIntegrationId: string;
  readonly rolloutId: string;
  readonly organization: string;
}

/** A cloud on which a small team works: devices, a product with firmware, a rollout, customers, a team, integrations, an organization. */
export class SampleCloud {
  readonly server: CloudServer;
  readonly ids: SampleIds;
  /** Has an account and nothing else. */
  readonly newcomer: Account = { username: 'newcomer@example.net', password: 'a password of ours' };
  /** May only look at the product. */
  readonly onlooker: Account = { username: 'onlooker@example.net', password: 'a password of ours' };
  readonly #close: () => Promise<void>;

  private constructor(server: CloudServer, ids: SampleIds, close: () => Promise<void>) {
    this.server = server;
    this.ids = ids;
    this.#close = close;
  }

  static async start(): Promise<SampleCloud> {
    const target = await HookTarget.open();
    const server = await startServer({
      env: { CHAMBER_OUTBOUND_ALLOW: '127.0.0.1', CHAMBER_ORG_CREATION: 'open' },
    });
    const client = await logIn(server);
    const api = await ownClient(server);
    const devices = await connectOwnDevices(server, client);
    const fleet = await ProductFleet.create({
      server,
      owner: client,
      name: 'Greenhouse',
      count: FLEET,
      profiles: ARGONS,
      imageBytes: IMAGE_BYTES,
    });
    const close = async () => {
      await Promise.all(devices.map((device) => device.disconnect({ timeoutMs: 0 })));
      await fleet.disconnect();
      await server.dispose();
      await target.close();
    };
    const [weather] = devices;
    const [first] = fleet.devices;
    if (weather === undefined || first === undefined) throw new Error('the sample needs devices');
    const params = { productIdOrSlug: String(fleet.product) };
    const rolloutId = await fillProduct(client, api, fleet);
    const own = await api.call('createIntegration', {
      body: {
        integration_type: 'Webhook',
        name: 'Temperatures',
        event: 'temperature',
        url: target.url,
        json: { celsius: '{{{PARTICLE_EVENT_VALUE}}}', device: '{{{PARTICLE_DEVICE_ID}}}' },
      },
    });
    const ofProduct = await api.call('createProductIntegration', {
      params,
      body: { integration_type: 'Webhook', name: 'Status', event: 'status', url: target.url },
    });
    const { organization } = await api.call('createOrganization', { body: { name: 'Acme Gardens' } });
    for (const data of ['20.1', '20.4', '21']) {
      await client.publishEvent({ name: 'temperature', data });
      await client.publishEvent({ name: 'status', data: '{"state":"ok","battery":87.5}', product: fleet.product });
    }
    const ids = {
      deviceId: weather.deviceId,
      integrationId: idOf(own),
      product: fleet.product,
      productDeviceId: first.deviceId,
      productIntegrationId: idOf(ofProduct),
      rolloutId,
      organization: organization.slug,
    };
    const sample = new SampleCloud(server, ids, close);
    await signUp(server, sample.newcomer);
    const onlooker = await signUp(server, sample.onlooker);
    await client.post({
      uri: `/v1/products/${fleet.product}/team`,
      data: { username: sample.onlooker.username, role: 'View-only' },
    });
    await onlooker.post({ uri: `/v1/user/invitations/product/${fleet.product}/accept`, data: {} });
    return sample;
  }

  close(): Promise<void> {
    return this.#close();
  }
}

async function connectOwnDevices(server: CloudServer, client: Particle): Promise<VirtualDevice[]> {
  const devices: VirtualDevice[] = [];
  for (const name of BEHAVIOUR_NAMES) {
    const identity = await registerDevice(client, name);
    const device = powerOn(server, identity, { behaviour: BEHAVIOURS.get(name) });
    await device.connect();
    devices.push(device);
  }
  return devices;
}

/** Firmware that runs and is released, groups, customers, a rollout under way. @returns the rollout's id */
async function fillProduct(client: Particle, api: Client, fleet: ProductFleet): Promise<string> {
  const params = { productIdOrSlug: String(fleet.product) };
  for (const name of ['beta', 'north']) await api.call('createGroup', { params, body: { name } });
  await fleet.connect();
  for (const version of [1, 2]) await fleet.upload(version);
  await eventually('version 1 to be seen', async () => {
    const { body } = await client.getProductFirmware({ product: fleet.product, version: 1 });
    return body.device_count === FLEET;
  });
  await fleet.release(1, { productDefault: true });
  const [pilot, friend] = fleet.devices;
  if (pilot === undefined || friend === undefined) throw new Error('the sample needs devices');
  await fleet.putInto(friend, 'beta');
  await fleet.pilot(pilot, 2);
  await api.call('createCustomer', { params, body: { email: 'carla@example.net', password: 'her own password' } });
  const rollout = await api.call('createRollout', {
    params,
    body: { version: 2, product_default: true, steps: [{ count: 1 }, { percent: 100 }], pause_minutes: 60 },
  });
  return rollout.rollout.id;
}

const idOf = (made: unknown): string => {
  const { id } = made as { id?: unknown };
  if (typeof id !== 'string') throw new Error(`it has no id: ${JSON.stringify(made)}`);
  return id;
};

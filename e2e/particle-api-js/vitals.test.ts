import type Particle from 'particle-api-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusalOf } from '../harness/api-client.ts';
import { eventually } from '../harness/eventually.ts';
import { RecordedStream } from '../harness/recorded-stream.ts';
import { createWorld, newcomer, registerProductDevice, type World } from './methods/world.ts';

interface Vitals {
  readonly updated_at: string;
  readonly deviceID: string;
  readonly payload: {
    readonly device: { readonly system: { readonly uptime: number; readonly memory: { readonly total: number } } };
    readonly service: { readonly cloud: { readonly uptime: number } };
  };
}

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world?.dispose());

const get = async <T>(client: Particle, uri: string): Promise<T> => (await client.get<T>({ uri })).body;

describe('vitals, through the requests of the published client', () => {
  it('are asked for, come as an event, and are the last then', async () => {
    const { ann, device, product, productDevice } = world;
    for (const [base, { deviceId }] of [
      ['/v1', device],
      [`/v1/products/${product}`, productDevice],
    ] as const) {
      const stream = await RecordedStream.open(ann, { deviceId: 'mine' });
      const uri = `${base}/diagnostics/${deviceId}`;
      const { statusCode, body } = await ann.post({ uri: `${uri}/update` });
      expect([statusCode, body]).toEqual([202, { ok: true }]);
      const event = await eventually('the vitals as an event', () =>
        stream.events.find(({ name, coreid }) => name === 'spark/device/diagnostics/update' && coreid === deviceId),
      );
      stream.close();
      const { diagnostics } = await eventually('the vitals of the device', () =>
        get<{ diagnostics: Vitals }>(ann, `${uri}/last`),
      );
      expect(diagnostics).toMatchObject({
        deviceID: deviceId,
        payload: { device: { system: { uptime: expect.any(Number), memory: { total: expect.any(Number) } } } },
      });
      expect(diagnostics.payload.service.cloud.uptime).toBeGreaterThanOrEqual(0);
      expect(JSON.parse(event.data ?? '')).toEqual(diagnostics.payload);
    }
  });

  it('are a history, as JSON and as CSV, with what they mean and a summary', async () => {
    const { ann, device } = world;
    const uri = `/v1/diagnostics/${device.deviceId}`;
    const { diagnostics } = await get<{ diagnostics: readonly Vitals[] }>(ann, uri);
    expect(diagnostics.length).toBeGreaterThan(0);
    const headers = { accept: 'text/csv' };
    // The client gives the bytes themselves, whatever its types say.
    const csv = String(await ann.request({ uri, method: 'get', headers, isBuffer: true }));
    const [head = '', ...lines] = csv.trimEnd().split('\r\n');
    expect(lines).toHaveLength(diagnostics.length);
    expect(head).toMatch(/^updated_at,deviceID,.*device\.system\.uptime/);
    expect(lines[0]).toMatch(new RegExp(`^${diagnostics[0]?.updated_at},${device.deviceId},`));
    expect(await get(ann, `${uri}/summary?limit=3`)).toMatchObject({
      deviceID: device.deviceId,
      memoryAvailable: diagnostics[0]?.payload.device.system.memory.total,
      samples: [{}, {}, { memoryUsed: { max: expect.any(Number) } }],
    });
    expect(await get(ann, `${uri}/metadata`)).toMatchObject({
      diagnostics_metadata: { device: { system: { uptime: { type: 'number' } } } },
    });
  });

  it('are refused for others, for devices that are offline, and for dates that are none', async () => {
    const { ann, device } = world;
    const { client: stranger } = await newcomer(world);
    const uri = `/v1/diagnostics/${device.deviceId}`;
    expect(await refusalOf(stranger.get({ uri: `${uri}/last` }))).toMatchObject({ status: 403 });
    const { deviceId } = await registerProductDevice(world);
    const offline = ann.post({ uri: `/v1/products/${world.product}/diagnostics/${deviceId}/update` });
    expect(await refusalOf(offline)).toMatchObject({ status: 408, body: { error: 'timed out' } });
    const bad = ann.get({ uri, query: { start_date: 'yesterday' } });
    expect(await refusalOf(bad)).toMatchObject({ status: 400, body: { error: 'bad_request' } });
  });
});

describe('the health of a fleet', () => {
  it('is counted, survives a restart, and a restart is no coming or going', async () => {
    const { ann, server, product, productDevice } = world;
    const base = `/v1/products/${product}`;
    const { deviceId } = productDevice;
    await ann.callFunction({ product, deviceId, name: 'echo', argument: 'hello' });
    await ann.getVariable({ product, deviceId, name: 'ratio' });
    await productDevice.publish('count/me', 'once');
    expect(await get(ann, `${base}/fleet`)).toMatchObject({
      devices: { total: expect.any(Number), online: 1 },
      team: { members: 1 },
    });
    await server.stop();
    await server.start();
    await eventually('the device to be used', () =>
      ann.callFunction({ product, deviceId, name: 'echo', argument: 'x' }),
    );
    const last = async (kind: string) => {
      const body = await get<Record<string, readonly object[]>>(ann, `${base}/metrics/${kind}?bucket_size=86400`);
      return body[kind]?.reduce<Record<string, number>>((sums, bucket) => {
        for (const [key, value] of Object.entries(bucket)) sums[key] = (sums[key] ?? 0) + Number(value);
        return sums;
      }, {});
    };
    expect(await last('functions')).toMatchObject({ success: 1, failure: 0, offline: 0 });
    expect(await last('variables')).toMatchObject({ success: 1 });
    expect((await last('events'))?.received).toBeGreaterThanOrEqual(1);
    type Presence = { online_seconds: number; presence: readonly { online: boolean }[] };
    const { presence } = await get<Presence>(ann, `${base}/diagnostics/${deviceId}/presence`);
    expect(presence.map(({ online }) => online)).toEqual([true]);
    const tooMany = await refusalOf(ann.get({ uri: `${base}/metrics/online`, query: { bucket_size: 16 } }));
    expect(tooMany).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
  });
});

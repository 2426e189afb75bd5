import { randomBytes } from 'node:crypto';
import { get } from 'node:http';
import { deviceOs62, FirmwareStore } from '@cloudchamber/virtual-device';
import { buildModule, ModuleFunction, type ModuleToBuild } from '@cloudchamber/wire';
import type Particle from 'particle-api-js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { logIn } from './harness/api-client.ts';
import { type CloudServer, startServer } from './harness/cloud-server.ts';
import { powerOn, registerDevice } from './harness/devices.ts';
import { eventually } from './harness/eventually.ts';

let server: CloudServer;
let client: Particle;
let token: string;

beforeAll(async () => {
  server = await startServer();
  client = await logIn(server);
  const { body } = await client.login(server.operator);
  token = body.access_token;
});
afterAll(() => server?.dispose());

const module = (kind: number, version: number, bytes: number, more: Partial<ModuleToBuild> = {}): Buffer =>
  buildModule({
    function: kind,
    version,
    platformId: deviceOs62.platformId,
    content: randomBytes(bytes),
    ...more,
  });

async function send(method: string, path: string, file?: Uint8Array, fields: Readonly<Record<string, string>> = {}) {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  if (file !== undefined) body.set('file', new Blob([new Uint8Array(file)]), 'part.bin');
  const headers = { authorization: `Bearer ${token}` };
  const hasBody = file !== undefined || Object.keys(fields).length > 0;
  const reply = await fetch(new URL(path, server.url), { method, headers, ...(hasBody && { body }) });
  return { status: reply.status, body: (await reply.json()) as Record<string, unknown> };
}

interface Step {
  readonly id: string;
  readonly stage: string;
  readonly image: number;
  readonly percent: number;
  readonly outcome: string | null;
}

/** The frames of a progress stream, which grow while it is open. */
function progressOf(deviceId: string): Promise<{ readonly steps: Step[]; readonly text: () => string }> {
  const url = new URL(`/v1/devices/${deviceId}/updates/progress?until_end=true`, server.url);
  return new Promise((resolve, reject) => {
    const request = get(url, { headers: { authorization: `Bearer ${token}` }, agent: false }, (response) => {
      const steps: Step[] = [];
      let text = '';
      let read = 0;
      response.setEncoding('utf8').on('data', (more: string) => {
        text += more;
        const whole = text.lastIndexOf('\n\n');
        for (const [, data = ''] of text.slice(read, whole + 1).matchAll(/^event: progress\ndata: (.*)$/gm)) {
          steps.push(JSON.parse(data) as Step);
        }
        read = whole + 1;
      });
      response.on('error', reject);
      resolve({ steps, text: () => text });
    });
    request.on('error', reject);
  });
}

it('brings an application by its name, the Device OS that it needs first, and shows every step', async () => {
  const system = module(ModuleFunction.SYSTEM_PART, 6300, 60_000);
  const dependencies = [{ function: ModuleFunction.SYSTEM_PART, index: 1, version: 6250 }];
  const application = module(ModuleFunction.USER_PART, 21, 40_000, { dependencies });
  expect((await send('POST', '/v1/firmware-modules', system)).status).toBe(201);
  expect((await send('POST', '/v1/firmware-modules', application, { name: 'tinker' })).status).toBe(201);

  const firmware = new FirmwareStore();
  const identity = await registerDevice(client, 'bench');
  const updateFault = { kind: 'slow', bytesPerSecond: 50_000 } as const;
  const device = powerOn(server, identity, { firmware, updateFault });
  await device.connect();
  const flashed = await client.put({ uri: `/v1/devices/${device.deviceId}`, auth: token, data: { app: 'tinker' } });
  expect(flashed.body).toMatchObject({ ok: true, status: 'Update started' });
  expect(flashed.body).not.toHaveProperty('warning');
  const { steps, text } = await progressOf(device.deviceId);
  await eventually('the stream to end', () => text().endsWith(':closed: the update is over\n\n'), 30_000);
  expect(steps.at(-1)).toMatchObject({ stage: 'done', outcome: 'succeeded', percent: 100 });
  expect(new Set(steps.map(({ id }) => id)).size).toBe(1);
  const percents = steps.map(({ percent }) => percent);
  expect(percents).toEqual(percents.toSorted((a, b) => a - b));
  expect(steps.some(({ image, outcome }) => image === 1 && outcome === null)).toBe(true);
  expect(firmware.module(ModuleFunction.SYSTEM_PART, 1)?.version).toBe(6300);
  expect(firmware.module(ModuleFunction.USER_PART, 1)?.version).toBe(21);
  await device.disconnect();
});

it('ends an update in its midst', async () => {
  const firmware = new FirmwareStore();
  const updateFault = { kind: 'slow', bytesPerSecond: 20_000 } as const;
  const device = powerOn(server, await registerDevice(client, 'stopped'), { firmware, updateFault });
  await device.connect();
  const image = module(ModuleFunction.USER_PART, 22, 600_000);
  await client.flashDevice({ deviceId: device.deviceId, files: { 'firmware.bin': image } });
  const { steps, text } = await progressOf(device.deviceId);
  await eventually('some of it to arrive', () => steps.some(({ percent }) => percent > 2));
  const { status, body } = await send('DELETE', `/v1/devices/${device.deviceId}/updates/current`);
  expect([status, body.ok, body.stage, body.total_bytes]).toEqual([200, true, 'transferring', image.length]);
  await eventually('the stream to end', () => text().endsWith(':closed: the update is over\n\n'), 30_000);
  expect(steps.at(-1)).toMatchObject({ outcome: 'cancelled' });
  expect(firmware.module(ModuleFunction.USER_PART, 1)).toBeUndefined();
  await device.disconnect();
});

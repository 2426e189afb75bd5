import type { ReceivedEvent, VirtualDevice } from '@cloudchamber/virtual-device';
import type Particle from 'particle-api-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { logIn, refusalOf, signUp } from '../harness/api-client.ts';
import { type CloudServer, startServer } from '../harness/cloud-server.ts';
import { addDevice } from '../harness/devices.ts';
import { eventually } from '../harness/eventually.ts';
import { RecordedStream } from '../harness/recorded-stream.ts';

const IDLE_MS = 60_000;
const TIMESTAMP = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

let server: CloudServer;
let client: Particle;
let echo: VirtualDevice;
let tinker: VirtualDevice;
let weather: VirtualDevice;
let idle: RecordedStream;
/** Resolves when the idle stream has been open for a minute, while the other tests run. */
let aMinuteLater: Promise<void>;
const open: RecordedStream[] = [];

beforeAll(async () => {
  server = await startServer();
  client = await logIn(server);
  idle = await stream({ deviceId: 'mine', name: 'nothing/ever' });
  aMinuteLater = new Promise((resolve) => setTimeout(resolve, IDLE_MS));
  [echo, tinker, weather] = await Promise.all([
    addDevice(server, client, 'echo'),
    addDevice(server, client, 'tinker'),
    addDevice(server, client, 'weather'),
  ]);
});
afterAll(async () => {
  for (const one of open) one.close();
  await Promise.all([echo, tinker, weather].map((device) => device?.disconnect()));
  await server?.dispose();
});

async function stream(
  options: Parameters<Particle['getEventStream']>[0],
  by: Particle = client,
): Promise<RecordedStream> {
  const opened = await RecordedStream.open(by, options);
  open.push(opened);
  return opened;
}

describe('streams', () => {
  it('show what any device of the account publishes', async () => {
    const mine = await stream({ deviceId: 'mine' });
    await echo.publish('greeting', 'hello');
    expect(await mine.received('greeting', 'hello')).toEqual({
      name: 'greeting',
      data: 'hello',
      ttl: 60,
      published_at: TIMESTAMP,
      coreid: echo.deviceId,
    });
    await tinker.publish('empty');
    expect(await mine.received('empty', null)).toMatchObject({ coreid: tinker.deviceId });
    await client.callFunction({ deviceId: echo.deviceId, name: 'publish', argument: 'called' });
    expect(await mine.received('echo', 'called')).toMatchObject({ coreid: echo.deviceId });
    const report = await eventually('a weather report', () => mine.events.find(({ name }) => name === 'weather'));
    expect(JSON.parse(report.data ?? '')).toEqual({
      temperature: expect.any(Number),
      humidity: expect.any(Number),
      summary: expect.any(String),
      raining: expect.any(Boolean),
    });
  });

  it('of one device show its events only, by id and by name', async () => {
    const byId = await stream({ deviceId: echo.deviceId });
    const byName = await stream({ deviceId: 'tinker' });
    await tinker.publish('one', 'of tinker');
    await echo.publish('one', 'of echo');
    await byId.received('one', 'of echo');
    await byName.received('one', 'of tinker');
    expect(byId.events.every(({ coreid }) => coreid === echo.deviceId)).toBe(true);
    expect(byName.events.every(({ coreid }) => coreid === tinker.deviceId)).toBe(true);
  });

  it('of a prefix show the names that begin with it, in their case, slashes and all', async () => {
    const plain = await stream({ name: 'motion' });
    const slashed = await stream({ deviceId: 'mine', name: 'house/attic' });
    const ofDevice = await stream({ deviceId: echo.deviceId, name: 'house/' });
    for (const name of ['motion', 'motion/hall', 'Motion', 'emotion', 'house/attic/hatch', 'house/cellar']) {
      await echo.publish(name, 'now');
    }
    await tinker.publish('house/attic/lamp', 'now');
    await slashed.received('house/attic/lamp', 'now');
    expect(plain.names()).toEqual(['motion', 'motion/hall']);
    expect(slashed.names()).toEqual(['house/attic/hatch', 'house/attic/lamp']);
    expect(ofDevice.names()).toEqual(['house/attic/hatch', 'house/cellar']);
  });

  it('tell of devices that come and go', async () => {
    const status = await stream({ deviceId: tinker.deviceId, name: 'spark/status' });
    await tinker.disconnect();
    await status.received('spark/status', 'offline');
    await tinker.connect();
    expect(await status.received('spark/status', 'online')).toMatchObject({ coreid: tinker.deviceId });
  });

  it('show nothing of another account', async () => {
    const other = await signUp(server, { username: 'other@example.net', password: 'a long password' });
    const theirs = await stream({ deviceId: 'mine' }, other);
    const byPrefix = await stream({ name: 'secret' }, other);
    const mine = await stream({ deviceId: 'mine', name: 'secret' });
    await echo.publish('secret', 'of a device');
    await client.publishEvent({ name: 'secret', data: 'of the account', isPrivate: false });
    await mine.received('secret', 'of the account');
    await other.publishEvent({ name: 'secret', data: 'own' });
    await theirs.received('secret', 'own');
    await byPrefix.received('secret', 'own');
    expect(theirs.events.map(({ data }) => data)).toEqual(['own']);
    expect(byPrefix.events.map(({ data }) => data)).toEqual(['own']);
  });

  it('need a prefix where all events of all would be meant', async () => {
    await expect(client.getEventStream({})).rejects.toMatchObject({
      statusCode: 400,
      body: { ok: false, error: 'event prefix filter is required' },
    });
  });
});

describe('publishing', () => {
  it('reaches streams and the devices that subscribed', async () => {
    const mine = await stream({ deviceId: 'mine', name: 'echo/' });
    const { statusCode, body } = await client.publishEvent({ name: 'echo/lamp', data: 'on', isPrivate: true });
    expect({ statusCode, body }).toEqual({ statusCode: 200, body: { ok: true } });
    expect(await mine.received('echo/lamp', 'on')).toMatchObject({ coreid: 'api', ttl: 60 });
    await eventually('the device to have it', async () => {
      const last = await client.getVariable({ deviceId: echo.deviceId, name: 'last' });
      return last.body.result === 'on';
    });
  });

  it('goes from device to device of the account', async () => {
    const received: ReceivedEvent[] = [];
    await tinker.subscribe('lamps/', (event) => received.push(event));
    await echo.publish('lamp', 'not for it');
    await echo.publish('lamps/hall', 'on');
    await eventually('the event to arrive', () => received.length > 0);
    expect(received.map(({ name, data }) => [name, Buffer.from(data).toString()])).toEqual([['lamps/hall', 'on']]);
  });

  it('refuses names and data that are no event', async () => {
    const refused = { status: 400, body: { ok: false, error: expect.any(String) } };
    expect(await refusalOf(client.publishEvent({ name: '' }))).toMatchObject(refused);
    expect(await refusalOf(client.publishEvent({ name: 'x'.repeat(65) }))).toMatchObject(refused);
    expect(await refusalOf(client.publishEvent({ name: 'spark/status', data: 'online' }))).toMatchObject(refused);
    expect(await refusalOf(client.publishEvent({ name: 'big', data: 'x'.repeat(1025) }))).toMatchObject(refused);
    expect(await refusalOf(client.publishEvent({ name: 'two\nlines' }))).toMatchObject(refused);
  });

  it('carries any text', async () => {
    const mine = await stream({ deviceId: 'mine', name: 'text' });
    const text = 'línea 1\n\nevent: x\r\ndata: {"é": "\u2028"}';
    await echo.publish('text', text);
    expect((await mine.received('text', text)).coreid).toBe(echo.deviceId);
  });
});

describe('a stream on which nothing happens', () => {
  it(`stays open for ${IDLE_MS / 1000} s without a reconnect`, { timeout: IDLE_MS + 30_000 }, async () => {
    await aMinuteLater;
    expect(idle).toMatchObject({ disconnects: 0, reconnects: 0, events: [] });
    await echo.publish('nothing/ever/happens', 'but this');
    await idle.received('nothing/ever/happens', 'but this');
  });
});

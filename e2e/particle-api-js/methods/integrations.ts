import type { VirtualDevice } from '@cloudchamber/virtual-device';
import { expect } from 'vitest';
import { refusalOf } from '../../harness/api-client.ts';
import { HookTarget } from '../../harness/hook-target.ts';
import { RecordedStream } from '../../harness/recorded-stream.ts';
import { type Methods, type Place, works } from './method.ts';
import { newcomer, type World } from './world.ts';

/** An account's, a product's and an organization's integrations, each with a device whose events trigger them. */
interface Scene {
  readonly place: Place;
  /** The routes of the place, for what the client has no method for. */
  readonly path: string;
  readonly device: VirtualDevice;
  /** What the names of answers begin with. */
  readonly answers: string;
}

function scenes({ device, product, productDevice, org, orgDevice }: World): readonly Scene[] {
  return [
    { place: {}, path: '/v1', device, answers: '' },
    {
      place: { product },
      path: `/v1/products/${product}`,
      device: productDevice,
      answers: `${productDevice.deviceId}/`,
    },
    { place: { org }, path: `/v1/orgs/${org}`, device: orgDevice, answers: `${orgDevice.deviceId}/` },
  ];
}

async function withTarget(run: (target: HookTarget) => Promise<void>): Promise<void> {
  const target = await HookTarget.open();
  try {
    await run(target);
  } finally {
    target.close();
  }
}

const streamPlace = (place: Place) =>
  place.product === undefined && place.org === undefined ? { deviceId: 'mine' } : place;

/** A newcomer's attempt at an integration of Ann's is answered as that at one that there is not. */
async function expectHidden(attempt: (integrationId: string) => Promise<unknown>, integrationId: string) {
  const refusal = await refusalOf(attempt(integrationId));
  expect(refusal.status).toBeGreaterThanOrEqual(403);
  expect(refusal).toEqual(await refusalOf(attempt('5f1a7b30c8d94e0012ab34cd')));
}

export const integrationMethods: Methods = {
  createWebhook: works((world) =>
    withTarget(async (target) => {
      const { ann } = world;
      for (const { place, device } of scenes(world).filter(({ place }) => place.org === undefined)) {
        const event = `hooked/${device.deviceId}`;
        const hook = {
          method: 'PUT' as const,
          auth: { username: 'ann', password: 'secret' },
          headers: { 'X-Of': '{{PARTICLE_DEVICE_ID}}' },
          query: { celsius: '{{t}}' },
          json: { name: '{{{PARTICLE_EVENT_NAME}}}', t: '{{t}}' },
          responseEvent: 'answer/{{PARTICLE_DEVICE_ID}}',
        };
        const url = `${target.url}/${device.deviceId}`;
        const { statusCode, body } = await ann.createWebhook({ ...place, event, url, noDefaults: true, hook });
        expect(statusCode).toBe(201);
        expect(body).toMatchObject({ ok: true, id: expect.stringMatching(/^[0-9a-f]{24}$/), event, url });
        expect(body.hookUrl).toBe(`${world.server.url}/v1/webhooks/${body.id}`);
        const stream = await RecordedStream.open(ann, streamPlace(place));
        await device.publish(`${event}/now`, '{"t":21.5}');
        const request = await target.received(`/${device.deviceId}?celsius=21.5`);
        expect(request).toMatchObject({ method: 'PUT', headers: { 'x-of': device.deviceId } });
        expect(request.headers.authorization).toBe(`Basic ${Buffer.from('ann:secret').toString('base64')}`);
        expect(JSON.parse(request.body)).toEqual({ name: `${event}/now`, t: '21.5' });
        const answer = await stream.received(`answer/${device.deviceId}/0`, 'thanks');
        expect(answer.coreid).toBe('particle-internal');
        expect(stream.names()).toContain(`hook-sent/${event}/now`);
        stream.close();
        await ann.deleteWebhook({ ...place, hookId: body.id });
      }
      const mine = { event: 'only', url: `${target.url}/only`, device: world.device.deviceId };
      const { body } = await ann.createWebhook(mine);
      await world.productDevice.publish('only', 'of another');
      await world.device.publish('only', 'of this');
      const { body: form } = await target.received('/only');
      expect(new URLSearchParams(form).get('data')).toBe('of this');
      await ann.deleteWebhook({ hookId: body.id });
      expect(await refusalOf(ann.createWebhook({ event: '', url: target.url }))).toMatchObject({ status: 400 });
      expect(await refusalOf(ann.createWebhook({ event: 'a', url: 'nowhere' }))).toMatchObject({ status: 400 });
    }),
  ),
  deleteWebhook: works((world) =>
    withTarget(async (target) => {
      const { ann } = world;
      const { client: stranger } = await newcomer(world);
      for (const { place, device } of scenes(world).filter(({ place }) => place.org === undefined)) {
        const { body } = await ann.createWebhook({ ...place, event: 'gone', url: `${target.url}/gone` });
        await expectHidden((hookId) => stranger.deleteWebhook({ ...place, hookId }), body.id);
        expect((await ann.deleteWebhook({ ...place, hookId: body.id })).statusCode).toBe(204);
        expect(await refusalOf(ann.deleteWebhook({ ...place, hookId: body.id }))).toMatchObject({ status: 404 });
        const kept = await ann.createWebhook({ ...place, event: 'gone', url: `${target.url}/${device.deviceId}` });
        await device.publish('gone', 'now');
        await target.received(`/${device.deviceId}`);
        await ann.deleteWebhook({ ...place, hookId: kept.body.id });
      }
      expect(target.requests.map(({ path }) => path)).not.toContain('/gone');
    }),
  ),
  listWebhooks: works(async (world) => {
    const { ann } = world;
    const url = 'https://hooks.example.net/in';
    for (const { place } of scenes(world).filter(({ place }) => place.org === undefined)) {
      const { body } = await ann.createWebhook({ ...place, event: 'listed', url });
      const topic = 'projects/fleet-1/topics/events';
      const pubSub = await ann.createIntegration({
        ...place,
        event: 'listed',
        settings: { integration_type: 'GoogleCloudPubSub', topic },
      });
      const listed = (await ann.listWebhooks({ ...place })).body;
      expect(listed).toMatchObject([{ id: body.id, event: 'listed', url, requestType: 'POST', disabled: false }]);
      await ann.deleteWebhook({ ...place, hookId: body.id });
      await ann.deleteIntegration({ ...place, integrationId: pubSub.body.id });
      expect((await ann.listWebhooks({ ...place })).body).toEqual([]);
    }
  }),
  createIntegration: works(
    (world) =>
      withTarget(async (target) => {
        const { ann } = world;
        for (const { place, path, device, answers } of scenes(world)) {
          const event = `made/${device.deviceId}`;
          const settings = { integration_type: 'Webhook', url: `${target.url}/${device.deviceId}` };
          const { statusCode, body } = await ann.createIntegration({ ...place, event, settings });
          expect(statusCode).toBe(201);
          expect(body).toMatchObject({ event, integration_type: 'Webhook', url: settings.url, requestType: 'POST' });
          const stream = await RecordedStream.open(ann, streamPlace(place));
          await device.publish(event, 'warm & dry');
          const { body: form } = await target.received(`/${device.deviceId}`);
          expect(Object.fromEntries(new URLSearchParams(form))).toEqual({
            event,
            data: 'warm & dry',
            published_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
            coreid: device.deviceId,
          });
          await stream.received(`${answers}hook-response/${event}/0`, 'thanks');
          stream.close();
          const uri = `${path}/integrations/${body.id}`;
          const test = await ann.post<object>({ uri: `${uri}/test`, data: { data: 'tried' } });
          expect(test.body).toEqual({ pass: true, data: 'thanks' });
          const { integration } = (await ann.get<{ integration: object }>({ uri })).body;
          expect(integration).toMatchObject({
            id: body.id,
            counters: [{ success: 1, error: 0, sleep: 0 }],
            logs: [{ type: 'success', response: expect.stringContaining('thanks') }],
          });
          await ann.deleteIntegration({ ...place, integrationId: body.id });
        }
        const settings = { integration_type: 'AzureIotHub', hub_name: 'hub' };
        const refusal = await refusalOf(ann.createIntegration({ event: 'a', settings }));
        expect(refusal).toMatchObject({ status: 400, body: { error: expect.stringMatching(/./) } });
      }),
    'Webhook and GoogleCloudPubSub; AzureIotHub and GoogleMaps are refused.',
  ),
  editIntegration: works((world) =>
    withTarget(async (target) => {
      const { ann } = world;
      const { client: stranger } = await newcomer(world);
      for (const { place, device } of scenes(world)) {
        const before = { integration_type: 'Webhook', url: `${target.url}/before`, headers: { 'X-One': '1' } };
        const { body } = await ann.createIntegration({ ...place, event: 'before', settings: before });
        const integrationId = body.id;
        const settings = { integration_type: 'Webhook', url: `${target.url}/${device.deviceId}` };
        const edited = await ann.editIntegration({ ...place, integrationId, event: 'after', settings });
        expect(edited.body).toMatchObject({ integration: { id: integrationId, event: 'after', url: settings.url } });
        await device.publish('before', 'now');
        await device.publish('after', 'now');
        const request = await target.received(`/${device.deviceId}`);
        expect(request.headers).not.toHaveProperty('x-one');
        const edit = (id: string) => stranger.editIntegration({ ...place, integrationId: id, event: 'a', settings });
        await expectHidden(edit, integrationId);
        await ann.deleteIntegration({ ...place, integrationId });
      }
      expect(target.requests.map(({ path }) => path)).not.toContain('/before');
    }),
  ),
  deleteIntegration: works(async (world) => {
    const { ann } = world;
    const { client: stranger } = await newcomer(world);
    const settings = { integration_type: 'Webhook', url: 'https://hooks.example.net/in' };
    for (const { place } of scenes(world)) {
      const { body } = await ann.createIntegration({ ...place, event: 'gone', settings });
      const integrationId = body.id;
      await expectHidden((id) => stranger.deleteIntegration({ ...place, integrationId: id }), integrationId);
      expect((await ann.deleteIntegration({ ...place, integrationId })).statusCode).toBe(204);
      expect(await refusalOf(ann.deleteIntegration({ ...place, integrationId }))).toMatchObject({ status: 404 });
      expect((await ann.listIntegrations({ ...place })).body).toEqual([]);
    }
  }),
  listIntegrations: works(async (world) => {
    const { ann } = world;
    const { client: stranger } = await newcomer(world);
    const url = 'https://hooks.example.net/in';
    const made: { readonly place: Place; readonly id: string }[] = [];
    for (const { place } of scenes(world)) {
      const settings = { integration_type: 'Webhook', url, headers: { Authorization: 'Bearer 6d0c1b0f' } };
      made.push({ place, id: (await ann.createIntegration({ ...place, event: 'listed', settings })).body.id });
    }
    for (const { place, id } of made) {
      const { body } = await ann.listIntegrations({ ...place });
      expect(body).toMatchObject([{ id, event: 'listed', integration_type: 'Webhook', url, requestType: 'POST' }]);
      expect(JSON.stringify(body)).not.toContain('6d0c1b0f');
      await ann.deleteIntegration({ ...place, integrationId: id });
      if (place.product !== undefined || place.org !== undefined) {
        expect(await refusalOf(stranger.listIntegrations({ ...place }))).toMatchObject({ status: 403 });
      }
    }
    expect((await stranger.listIntegrations({})).body).toEqual([]);
  }),
};

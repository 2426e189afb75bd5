import { expect } from 'vitest';
import { RecordedStream } from '../../harness/recorded-stream.ts';
import { type Methods, works } from './method.ts';
import { newcomer } from './world.ts';

export const eventMethods: Methods = {
  getEventStream: works(async (world) => {
    const { ann, product, device, productDevice, org, orgDevice } = world;
    const streams = {
      mine: await RecordedStream.open(ann, { deviceId: 'mine' }),
      named: await RecordedStream.open(ann, { name: 'streamed' }),
      device: await RecordedStream.open(ann, { deviceId: device.deviceId }),
      product: await RecordedStream.open(ann, { product }),
      productDevice: await RecordedStream.open(ann, { product, deviceId: productDevice.deviceId }),
      org: await RecordedStream.open(ann, { org }),
      orgNamed: await RecordedStream.open(ann, { org, name: 'stream' }),
      orgDevice: await RecordedStream.open(ann, { org, deviceId: orgDevice.deviceId }),
    };
    await device.publish('streamed', 'own');
    await productDevice.publish('streamed', 'of the product');
    await orgDevice.publish('streamed', 'of the organization');
    for (const stream of [streams.mine, streams.named, streams.device]) {
      expect(await stream.received('streamed', 'own')).toMatchObject({ coreid: device.deviceId });
    }
    for (const stream of [streams.mine, streams.named, streams.product, streams.productDevice]) {
      expect(await stream.received('streamed', 'of the product')).toMatchObject({ coreid: productDevice.deviceId });
    }
    for (const stream of [streams.org, streams.orgNamed, streams.orgDevice]) {
      expect(await stream.received('streamed', 'of the organization')).toMatchObject({ coreid: orgDevice.deviceId });
      expect(stream.events.map(({ data }) => data)).not.toContain('of the product');
    }
    expect(streams.product.events).not.toContainEqual(expect.objectContaining({ data: 'own' }));
    for (const stream of Object.values(streams)) stream.close();
    const { client: stranger } = await newcomer(world);
    for (const place of [{ org }, { org, deviceId: orgDevice.deviceId }, { product }]) {
      await expect(stranger.getEventStream(place)).rejects.toMatchObject({ statusCode: 403 });
    }
  }),
  publishEvent: works(async ({ ann, product, org, orgProduct }) => {
    const [mine, ours, organization] = [
      await RecordedStream.open(ann, { deviceId: 'mine' }),
      await RecordedStream.open(ann, { product }),
      await RecordedStream.open(ann, { org }),
    ];
    const data = 'hello';
    expect((await ann.publishEvent({ name: 'to-me', data, isPrivate: true })).body).toMatchObject({ ok: true });
    expect((await ann.publishEvent({ name: 'to-product', data, product })).body).toMatchObject({ ok: true });
    await ann.publishEvent({ name: 'to-org', data, product: orgProduct });
    expect(await mine.received('to-me', data)).toMatchObject({ coreid: 'api' });
    await ours.received('to-product', data);
    await organization.received('to-org', data);
    expect(organization.names()).not.toContain('to-product');
    expect(mine.names()).not.toContain('to-product');
    expect(ours.names()).not.toContain('to-me');
    mine.close();
    ours.close();
    organization.close();
  }),
};

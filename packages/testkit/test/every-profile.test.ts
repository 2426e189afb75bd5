import { minutes, seconds } from '@cloudchamber/kernel';
import { type DeviceProfile, PROFILES, TCP_PROFILES, type VirtualDevice } from '@cloudchamber/virtual-device';
import { HelloFlag } from '@cloudchamber/wire';
import { afterEach, describe, expect, it } from 'vitest';
import { DeviceSite, type SiteDevice } from './device-site.ts';

const text = (data: Uint8Array): string => Buffer.from(data).toString();

// One gateway for all generations, as in life.
const site = new DeviceSite();
const { clock, ports } = site;
const { commands } = site.gateway;

/** The answer of something that takes its time: virtual time goes on until it is there. */
async function within<T>(ms: number, asked: Promise<T>): Promise<T> {
  asked.catch(() => {});
  await clock.elapse(ms);
  return asked;
}

describe.each([...PROFILES.values(), ...TCP_PROFILES.values()])(
  'a device of the profile $name',
  (profile: DeviceProfile) => {
    const saysGoodbye = (profile.helloFlags & HelloFlag.GOODBYE) !== 0;
    /** A stream has nothing to resume (protocol section 2). */
    const resumes = profile.transport === 'udp';
    const resumed = resumes ? { handshakes: 0, resumes: 1 } : { handshakes: 1, resumes: 0 };
    const cellular = profile.keepAliveMs > minutes(1);
    /** When the gateway takes a device for offline, with the second of its sweep. */
    const silenceMs = cellular ? minutes(46) + seconds(1) : seconds(51);
    let present: SiteDevice[] = [];

    async function connected(like?: SiteDevice): Promise<SiteDevice> {
      const made = await site.connected({ profile, like });
      present.push(made);
      return made;
    }

    const left = ({ device }: SiteDevice): Promise<void> => within(50, device.disconnect());

    const presenceOf = ({ deviceId }: VirtualDevice) => ports.presence.filter((change) => change.deviceId === deviceId);
    const publishedBy = ({ deviceId }: VirtualDevice) => ports.published.filter((event) => event.deviceId === deviceId);
    const subscribedBy = ({ deviceId }: VirtualDevice) =>
      ports.subscriptions.filter((one) => one.deviceId === deviceId);
    const describedBy = ({ deviceId }: VirtualDevice) =>
      ports.descriptions.filter((one) => one.deviceId === deviceId).map(({ description }) => description);

    afterEach(async () => {
      for (const made of present) await left(made);
      present = [];
      ports.commit = async () => {};
    });

    it('connects, and the cloud knows what it is and what it offers', async () => {
      const { device } = await connected();
      const attempt = ports.attempts.find(({ deviceId }) => deviceId === device.deviceId);
      expect(attempt?.hello).toMatchObject({ platformId: profile.platformId, flags: profile.helloFlags });
      expect(attempt?.hello.systemVersion).toBe(profile.helloSizes ? profile.systemVersion : undefined);
      const [system, application, ...more] = describedBy(device);
      expect(more).toEqual([]);
      expect(system).toMatchObject({
        system: { modules: expect.arrayContaining([expect.objectContaining({ version: profile.systemVersion })]) },
      });
      expect(application).toMatchObject({
        application: {
          functions: ['echo', 'publish', 'fail'],
          variables: { last: 'string', count: 'int', ratio: 'double', flag: 'bool' },
        },
      });
      expect(subscribedBy(device).map(({ subscription, first }) => [subscription.prefix, first])).toEqual([
        ['particle', true],
        ['spark', false],
        ['echo/', false],
      ]);
      expect(Math.abs((device.cloudTime ?? 0) - clock.now())).toBeLessThan(1100);
      expect(commands.isOnline(device.deviceId)).toBe(true);
      expect(device.stats).toMatchObject({ attempts: 1, handshakes: 1, retransmitted: 0 });
    });

    it('publishes, and has its ACK when the event is stored', async () => {
      const { device } = await connected();
      let store = (): void => {};
      ports.commit = () => new Promise((resolve) => (store = resolve));
      let acknowledged = false;
      const publishing = device.publish('temp', '21.5', { ttlSeconds: 3600 }).then(() => (acknowledged = true));
      await clock.elapse(seconds(3));
      expect(acknowledged).toBe(false);
      store();
      await within(10, publishing);
      ports.commit = async () => {};
      await within(10, device.publish('temp', '22', { private: true }));
      expect(publishedBy(device).slice(-2)).toMatchObject([
        { name: 'temp', data: Buffer.from('21.5'), ttlSeconds: 3600, contentFormat: 0 },
        { name: 'temp', data: Buffer.from('22'), ttlSeconds: 60, contentFormat: 0 },
      ]);
      ports.commit = () => Promise.reject(new Error('the disk is full'));
      await expect(within(10, device.publish('temp', '23'))).rejects.toMatchObject({ code: 'device.rejected' });
      expect(device.state).toBe('connected');
    });

    it('hears events that it subscribed to before and after it connected, and no others', async () => {
      const { device } = await connected();
      const heard: string[] = [];
      await within(
        10,
        device.subscribe('alerts/', ({ name, data }) => heard.push(`${name}=${text(data)}`)),
      );
      expect(subscribedBy(device).at(-1)).toMatchObject({ subscription: { prefix: 'alerts/' }, first: false });
      const deliver = (name: string, data: string) =>
        commands.deliver(device.deviceId, { name, data: Buffer.from(data), contentFormat: 0 });
      const delivered = Promise.all([deliver('alerts/door', 'open'), deliver('echo/x', 'last'), deliver('other', '')]);
      expect(await within(50, delivered)).toEqual([true, true, true]);
      expect(heard).toEqual(['alerts/door=open']);
      expect(await within(20, commands.readVariable(device.deviceId, 'last', 'string'))).toBe('last');
    });

    it('answers function calls, and is silent about a function that there is not', async () => {
      const { device } = await connected();
      const call = (name: string, argument: string) => commands.callFunction(device.deviceId, name, argument);
      const calls = Promise.all([call('echo', ''), call('echo', 'grüße'), call('publish', 'hello')]);
      expect(await within(50, calls)).toEqual([0, 7, 0]);
      expect(publishedBy(device).at(-1)).toMatchObject({ name: 'echo', data: Buffer.from('hello') });
      await expect(within(seconds(31), call('nothing', ''))).rejects.toMatchObject({ code: 'device.timed_out' });
      expect(device.state).toBe('connected');
      expect(device.stats.calls).toBe(3);
    });

    it('answers variables of every type, and refuses one that there is not', async () => {
      const { device } = await connected();
      const read = (name: string, type: 'string' | 'int' | 'double' | 'bool') =>
        commands.readVariable(device.deviceId, name, type);
      await within(20, commands.callFunction(device.deviceId, 'echo', 'grüße'));
      const values = Promise.all([
        read('last', 'string'),
        read('count', 'int'),
        read('ratio', 'double'),
        read('flag', 'bool'),
      ]);
      expect(await within(20, values)).toEqual(['grüße', 1, 21.5, true]);
      await expect(within(20, read('nothing', 'int'))).rejects.toMatchObject({
        code: 'device.rejected',
        message: expect.stringContaining('4.04'),
      });
    });

    it('takes values of the most that its generation has room for', async () => {
      const { device } = await connected();
      const most = 'x'.repeat(profile.maxValueBytes);
      expect(await within(50, commands.callFunction(device.deviceId, 'echo', most))).toBe(most.length);
      expect(await within(20, commands.readVariable(device.deviceId, 'last', 'string'))).toBe(most);
      await within(10, device.publish('big', most));
      expect(publishedBy(device).at(-1)?.data).toHaveLength(most.length);
      const event = { name: 'echo/big', data: Buffer.from(most).fill('y'), contentFormat: 0 };
      expect(await within(20, commands.deliver(device.deviceId, event))).toBe(true);
      expect(await within(20, commands.readVariable(device.deviceId, 'last', 'string'))).toBe(text(event.data));
    });

    it('is spared what its generation does not understand or has no room for', async () => {
      const { device } = await connected();
      const heard: [number, string][] = [];
      const prefix = 'typed/';
      await within(
        10,
        device.subscribe(prefix, ({ contentFormat, data }) => heard.push([contentFormat, text(data)])),
      );
      const deliver = (contentFormat: number) =>
        within(20, commands.deliver(device.deviceId, { name: `${prefix}a`, data: Buffer.from('{}'), contentFormat }));
      expect(await deliver(50)).toBe(true);
      expect(heard).toEqual([[profile.typedEvents ? 50 : 0, '{}']]);
      expect(await deliver(42)).toBe(profile.typedEvents);
      expect(heard).toHaveLength(1);

      const event = { name: `${prefix}big`, data: Buffer.alloc(1024, 'x'), contentFormat: 0 };
      expect(await within(20, commands.deliver(device.deviceId, event))).toBe(profile.maxMessageSize > 1024);
      const called = within(20, commands.callFunction(device.deviceId, 'echo', 'x'.repeat(1024)));
      if (profile.maxMessageSize > 1024) expect(await called).toBe(1024);
      else await expect(called).rejects.toMatchObject({ code: 'device.too_large' });
      expect(device.stats).toMatchObject({ retransmitted: 0, disconnects: 0 });
    });

    it('answers ping and signal, and Describe again when asked', async () => {
      const { device } = await connected();
      expect(await within(20, commands.ping(device.deviceId))).toBe(2);
      await within(20, commands.signal(device.deviceId, true));
      expect(device.signalled).toBe(true);
      await within(20, commands.signal(device.deviceId, false));
      expect(device.signalled).toBe(false);
      const asked = Promise.all([
        commands.requestDescribe(device.deviceId, 'system'),
        commands.requestDescribe(device.deviceId, 'application'),
      ]);
      await within(50, asked);
      const [system, application, ...again] = describedBy(device);
      expect(again).toEqual([system, application]);
    });

    it('is offline at once after Goodbye, and after its silence when it cannot say so', async () => {
      const made = await connected();
      await left(made);
      const soon = presenceOf(made.device).at(-1);
      expect(soon).toMatchObject(saysGoodbye ? { online: false, reason: 'goodbye' } : { online: true });
      await clock.elapse(silenceMs);
      expect(presenceOf(made.device).at(-1)).toMatchObject({
        online: false,
        reason: saysGoodbye ? 'goodbye' : 'silent',
      });
      expect(commands.isOnline(made.device.deviceId)).toBe(false);
      await expect(commands.callFunction(made.device.deviceId, 'echo', '')).rejects.toMatchObject({
        code: 'device.not_connected',
      });
    });

    it.runIf(resumes)('resumes from another address without a handshake, and says nothing again', async () => {
      const made = await connected();
      const { deviceId } = made.device;
      const before = [describedBy(made.device).length, subscribedBy(made.device).length];
      const handshakes = site.gateway.counters.get('handshakes_completed');
      await left(made);
      const again = await connected(made);
      expect(again.device.stats).toMatchObject({ ...resumed, retransmitted: 0 });
      expect(site.gateway.counters.get('handshakes_completed')).toBe(handshakes);
      expect([describedBy(again.device).length, subscribedBy(again.device).length]).toEqual(before);
      expect(ports.attempts.filter((attempt) => attempt.deviceId === deviceId)).toHaveLength(1);
      expect(await within(20, commands.callFunction(deviceId, 'echo', 'abc'))).toBe(3);
      await within(20, again.device.publish('back'));
      expect(publishedBy(again.device).at(-1)?.name).toBe('back');
    });

    it('says when it is back what has changed in its firmware', async () => {
      const made = await connected();
      await left(made);
      const behaviour = () => ({ functions: { other: () => 1 }, variables: {}, subscriptions: [] });
      const again = await site.connected({ like: made, profile, behaviour });
      present.push(again);
      expect(again.device.stats).toMatchObject(resumed);
      const described = describedBy(again.device);
      expect(described).toHaveLength(4);
      expect(described.at(-1)).toMatchObject({ application: { functions: ['other'] } });
    });

    it('stays online on its keep-alive alone', async () => {
      const { device } = await connected();
      await clock.elapse(profile.keepAliveMs * 5 + seconds(1));
      expect(device.state).toBe('connected');
      expect(presenceOf(device)).toEqual([{ deviceId: device.deviceId, online: true }]);
      expect(device.stats).toMatchObject({ retransmitted: 0, disconnects: 0 });
    });

    it('handshakes anew when the cloud ends its session', async () => {
      const { device, changes } = await connected();
      commands.endSession(device.deviceId);
      await clock.elapse(seconds(2));
      expect(changes.flatMap(({ end }) => end ?? [])).toEqual(['discarded']);
      expect(device.stats).toMatchObject({ handshakes: 2, resumes: 0 });
      expect(device.state).toBe('connected');
      expect(describedBy(device)).toHaveLength(4);
      expect(subscribedBy(device).map(({ first }) => first)).toEqual([true, false, false, true, false, false]);
    });

    it('comes back by itself when it was cut off', async () => {
      const { device, changes, streams } = await connected();
      const good = site.network.conditions;
      site.network.conditions = { ...good, loss: 1 };
      streams.at(-1)?.vanish();
      await clock.elapse(profile.keepAliveMs + seconds(45));
      site.network.conditions = good;
      expect(changes.flatMap(({ end }) => end ?? [])).toEqual(['silent']);
      await clock.elapse(minutes(1));
      expect(device.state).toBe('connected');
      expect(device.stats).toMatchObject({ handshakes: 1 + resumed.handshakes, resumes: resumed.resumes });
      expect(await within(20, commands.callFunction(device.deviceId, 'echo', 'abc'))).toBe(3);
    });
  },
);

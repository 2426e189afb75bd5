import { expect } from 'vitest';
import { newDeviceIdentity } from '../../harness/devices.ts';
import { newPerson, newProduct, registerDevice } from '../bench.ts';
import { type Commands, works } from './command.ts';

export const productCommands: Commands = [
  works(['product device list'], async (bench) => {
    const person = await newPerson(bench);
    const { terminal, client } = person;
    const product = await newProduct(client);
    const particle = (...line: string[]) => terminal.particle(['product', 'device', 'list', `${product}`, ...line]);
    const [device, other] = await Promise.all([
      bench.device(person, { name: 'lamp', product }),
      bench.device(person, { name: 'other', product }),
    ]);
    const both = await particle();
    expect(both.code).toBe(0);
    expect(both.text).toContain(`lamp [${device.deviceId}] (Product ${product}) is online`);
    expect(both.text).toContain(other.deviceId);
    const named = await particle('--name', 'oth', '--json');
    expect(JSON.parse(named.text)).toMatchObject({ data: [{ id: other.deviceId, product_id: product }] });
    const one = await particle(device.deviceId);
    expect(one.text).toContain('int echo (String args)');
    expect(one.text).not.toContain(other.deviceId);
    const second = await particle('--limit', '1', '--page', '2', '--json');
    expect(JSON.parse(second.text)).toMatchObject({ meta: { current: 2 }, data: [expect.anything()] });
    const foreign = (await newPerson(bench)).terminal;
    expect((await foreign.particle(['product', 'device', 'list', `${product}`])).code).toBe(1);
  }),
  works(['product device add', 'product device remove'], async (bench) => {
    const person = await newPerson(bench);
    const { terminal, client, account } = person;
    const product = await newProduct(client);
    const particle = (verb: string, ...line: string[]) =>
      terminal.particle(['product', 'device', verb, `${product}`, ...line]);
    const ids = await Promise.all(
      Array.from({ length: 3 }, async () => (await registerDevice(bench.operator, account.username)).deviceId),
    );
    const [first = '', second = '', third = ''] = ids;
    const inProduct = async () =>
      (await client.listDevices({ product })).body as unknown as { devices: ReadonlyArray<{ id: string }> };

    const added = await particle('add', first);
    expect(added).toMatchObject({ code: 0, text: expect.stringContaining(`Product ${product} Includes:`) });
    // Lines as Windows ends them, one device twice, one that is none.
    await terminal.write('devices.txt', `${second}\r\n${third}\r\n${third}\r\nnot-an-id\r\n`);
    const uploaded = await particle('add', '--file', 'devices.txt');
    expect(uploaded).toMatchObject({ code: 0, text: expect.stringContaining('Success!') });
    expect(uploaded.text).toMatch(/Skipped Invalid IDs:\s+not-an-id/);
    expect((await inProduct()).devices.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());

    const removed = await particle('remove', first);
    expect(removed).toMatchObject({ code: 0, text: expect.stringContaining(`Success! Removed device ${first}`) });
    expect((await inProduct()).devices).toHaveLength(2);
    expect((await particle('remove', newDeviceIdentity().deviceId)).code).toBe(1);
  }),
];

import { expect } from 'vitest';
import { RecordedStream } from '../../harness/recorded-stream.ts';
import { newOrganization, newPerson, newProduct, type Person } from '../bench.ts';
import { type Commands, works } from './command.ts';

/** The command line prints an empty line once its stream is open. */
const OPEN = '\n\n';

/** Runs `particle subscribe` until it has seen one event, and does `publish` as soon as it listens. @returns the events it printed */
async function hear({ terminal }: Person, options: readonly string[], publish: () => Promise<unknown>) {
  let published: Promise<unknown> | undefined;
  const watch = (text: string): boolean => {
    if (text.includes(OPEN)) published ??= publish();
    return false;
  };
  const { code, text } = await terminal.particle(['subscribe', ...options], { watch });
  await published;
  expect(code).toBe(0);
  const lines = text.split('\n').filter((line) => line.startsWith('{'));
  return lines.map((line) => JSON.parse(line.slice(0, line.lastIndexOf('}') + 1)) as object);
}

export const eventCommands: Commands = [
  works(
    ['publish'],
    async (bench) => {
      const { terminal, client } = await newPerson(bench);
      const product = await newProduct(client);
      const mine = await RecordedStream.open(client, { deviceId: 'mine' });
      const ours = await RecordedStream.open(client, { product });
      const published = await terminal.particle(['publish', 'temperature', '25.0']);
      expect(published).toMatchObject({ code: 0, text: expect.stringContaining('Published event: temperature') });
      expect(await mine.received('temperature', '25.0')).toMatchObject({ coreid: 'api' });
      expect(await terminal.particle(['publish', 'all-off', '--product', `${product}`])).toMatchObject({ code: 0 });
      await ours.received('all-off', null);
      expect(mine.names()).not.toContain('all-off');
      mine.close();
      ours.close();
      const foreign = await newPerson(bench);
      const refused = await foreign.terminal.particle(['publish', 'all-off', '--product', `${product}`]);
      expect(refused.code).toBe(1);
      const toOrganization = await terminal.particle(['publish', 'all-off', '--org', await newOrganization(bench)]);
      expect(toOrganization).toMatchObject({ code: 1, text: expect.stringContaining('This route takes GET') });
    },
    '`--org` is refused: publish to a product.',
  ),
  works(['subscribe'], async (bench) => {
    const person = await newPerson(bench);
    const product = await newProduct(person.client);
    const [device, member] = await Promise.all([
      bench.device(person),
      bench.device(person, { name: 'member', product }),
    ]);
    const once = ['--max', '1'];
    const own = await hear(person, ['temp', ...once], async () => {
      await device.publish('other', 'not this');
      await device.publish('temperature', '25');
    });
    expect(own).toEqual([expect.objectContaining({ name: 'temperature', data: '25', coreid: device.deviceId })]);
    const ofDevice = await hear(person, ['--device', 'lamp', '--until', 'the end'], async () => {
      await member.publish('temperature', 'of another');
      await device.publish('temperature', 'a begin');
      await device.publish('temperature', 'the end');
    });
    expect(ofDevice).toMatchObject([{ data: 'a begin' }, { data: 'the end' }]);
    const ofProduct = await hear(person, ['--product', `${product}`, ...once], async () => {
      await device.publish('temperature', 'not of the product');
      await member.publish('temperature', '26');
    });
    expect(ofProduct).toMatchObject([{ data: '26', coreid: member.deviceId }]);
    const foreign = await person.terminal.particle(['subscribe', '--org', await newOrganization(bench), ...once]);
    expect(foreign.code).toBe(1);
  }),
];

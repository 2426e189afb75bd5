import { expect } from 'vitest';
import { eventually } from '../../harness/eventually.ts';
import { HookTarget } from '../../harness/hook-target.ts';
import { type Bench, newPerson, newProduct } from '../bench.ts';
import { type Commands, works } from './command.ts';

const MADE = /Successfully created webhook with ID ([0-9a-f]{24})/;
const GOOGLE_MAPS = 'GoogleMaps and AzureIotHub are refused.';

async function withTarget(run: (target: HookTarget) => Promise<void>): Promise<void> {
  const target = await HookTarget.open();
  try {
    await run(target);
  } finally {
    target.close();
  }
}

/** Makes hooks in every way, sees that they are sent to, lists and deletes them. `kind` has the same five commands under each of its names. */
const lifeOfHooks = (kind: 'webhook' | 'integration') => (bench: Bench) =>
  withTarget(async (target) => {
    const person = await newPerson(bench);
    const { terminal, client } = person;
    const particle = (...line: string[]) => terminal.particle([kind, ...line]);
    const device = await bench.device(person);

    const created = await particle('create', 'watered', `${target.url}/created`, device.deviceId);
    expect(created.code).toBe(0);
    const [, id = ''] = MADE.exec(created.text) ?? [];
    expect((await particle('POST', 'watered', `${target.url}/posted`)).text).toMatch(MADE);
    expect((await particle('GET', 'watered', `${target.url}/got`)).text).toMatch(MADE);
    const settings = {
      eventName: 'watered',
      url: `${target.url}/file`,
      requestType: 'PUT',
      json: { bed: '{{{PARTICLE_EVENT_VALUE}}}' },
      noDefaults: true,
    };
    await terminal.write('hook.json', JSON.stringify(settings));
    expect((await particle('create', 'hook.json')).text).toMatch(MADE);

    await device.publish('watered', 'roses');
    expect(await target.received('/created')).toMatchObject({ method: 'POST' });
    expect(await target.received('/posted')).toMatchObject({ method: 'POST' });
    const got = () => target.requests.find(({ method, path }) => method === 'GET' && path.startsWith('/got?'));
    expect((await eventually('a GET request', got)).path).toContain('data=roses');
    expect(await target.received('/file')).toMatchObject({ method: 'PUT', body: '{"bed":"roses"}' });

    const listed = await particle('list');
    expect(listed).toMatchObject({ code: 0, text: expect.stringContaining('Found 4 integrations registered') });
    expect(listed.text).toContain(`Integration ID ${id} is watching for "watered"`);
    expect(listed.text).toContain(`for device ${device.deviceId}`);
    expect(await particle('delete', id)).toMatchObject({ code: 0 });
    expect((await client.listIntegrations({})).body).toHaveLength(3);
    expect((await particle('delete', id)).code).toBe(1);
    const all = await terminal.particle([kind, 'delete', 'all'], { answers: [['Do you want to delete ALL', 'y']] });
    expect(all.code).toBe(0);
    expect((await client.listIntegrations({})).body).toEqual([]);

    const product = await newProduct(client);
    const place = ['--product', `${product}`];
    expect((await particle('create', 'watered', `${target.url}/product`, ...place)).text).toMatch(MADE);
    expect((await particle('list', ...place)).text).toContain('Found 1 integrations registered');
    expect((await particle('list')).text).toContain('Found 0 integrations registered');
  });

const commandsOf = (kind: string) => ['create', 'list', 'delete', 'POST', 'GET'].map((verb) => `${kind} ${verb}`);

export const integrationCommands: Commands = [
  works(commandsOf('webhook'), lifeOfHooks('webhook')),
  works(commandsOf('integration'), lifeOfHooks('integration'), GOOGLE_MAPS),
];

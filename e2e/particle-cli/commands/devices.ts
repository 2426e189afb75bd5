import { spawnSync } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { expect } from 'vitest';
import { newDeviceIdentity, powerOn } from '../../harness/devices.ts';
import { eventually } from '../../harness/eventually.ts';
import { newPerson, newProduct, registerDevice } from '../bench.ts';
import { type Commands, notApplicable, works } from './command.ts';

/** What the command line itself runs to read keys. */
const OPENSSL = 'openssl';
const RELEASE = 'release ownership of this device?';
const TRANSFER = 'request a transfer?';
const NO_WEB_TOOL = 'The command only points at a page of the maker of the devices.';

export const deviceCommands: Commands = [
  works(['list', 'cloud list'], async (bench) => {
    const person = await newPerson(bench);
    const { terminal } = person;
    expect(await terminal.particle(['list'])).toMatchObject({ code: 0, text: expect.stringContaining('No devices') });
    const device = await bench.device(person, { name: 'kitchen lamp' });
    const { deviceId: away } = await registerDevice(bench.operator, person.account.username);
    const all = await terminal.particle(['list']);
    expect(all.code).toBe(0);
    expect(all.text).toContain(`kitchen lamp [${device.deviceId}] (Photon 2 / P2) is online`);
    expect(all.text).toMatch(/Variables:\s+last \(string\)\s+count \(int32\)\s+ratio \(double\)\s+flag \(bool\)/);
    expect(all.text).toContain('int echo (String args)');
    expect(all.text).toMatch(new RegExp(`\\[${away}\\] .* is offline`));
    const offline = await terminal.particle(['cloud', 'list', 'offline']);
    expect(offline.text).toContain(away);
    expect(offline.text).not.toContain(device.deviceId);
  }),
  works(['device add', 'cloud claim'], async (bench) => {
    const { terminal, client, account } = await newPerson(bench);
    const { deviceId } = await registerDevice(bench.operator);
    const added = await terminal.particle(['device', 'add', deviceId.toUpperCase()]);
    expect(added).toMatchObject({ code: 0, text: expect.stringContaining('Successfully claimed device') });
    expect((await client.getDevice({ deviceId })).body).toMatchObject({ owner: account.username });
    const unknown = await terminal.particle(['cloud', 'claim', newDeviceIdentity().deviceId]);
    expect(unknown).toMatchObject({ code: 1, text: expect.stringContaining('device not found') });

    const stranger = await newPerson(bench);
    const asked = await stranger.terminal.particle(['device', 'add', deviceId], { answers: [[TRANSFER, 'y']] });
    expect(asked).toMatchObject({ code: 0, text: expect.stringContaining('Transfer requested') });
    expect((await client.getDevice({ deviceId })).body).toMatchObject({ owner: account.username });
  }),
  works(['device remove', 'cloud remove'], async (bench) => {
    const { terminal, client, account } = await newPerson(bench);
    const { deviceId } = await registerDevice(bench.operator, account.username);
    const kept = await terminal.particle(['device', 'remove', deviceId], { answers: [[RELEASE, 'n']] });
    expect(kept).toMatchObject({ code: 1, text: expect.stringContaining('Not confirmed') });
    expect((await client.listDevices({})).body).toHaveLength(1);
    const removed = await terminal.particle(['device', 'remove', deviceId, '--yes']);
    expect(removed).toMatchObject({ code: 0, text: expect.stringContaining('Okay!') });
    expect((await client.listDevices({})).body).toEqual([]);
    expect(await terminal.particle(['cloud', 'remove', deviceId, '--yes'])).toMatchObject({ code: 1 });
  }),
  works(['device rename', 'cloud name'], async (bench) => {
    const { terminal, client, account } = await newPerson(bench);
    const { deviceId } = await registerDevice(bench.operator, account.username);
    const renamed = await terminal.particle(['device', 'rename', deviceId, 'hall-lamp']);
    expect(renamed).toMatchObject({ code: 0, text: expect.stringContaining('Successfully renamed') });
    expect((await client.getDevice({ deviceId })).body).toMatchObject({ name: 'hall-lamp' });
    const again = await terminal.particle(['cloud', 'name', 'hall-lamp', 'porch-lamp']);
    expect(again.code).toBe(0);
    expect((await client.getDevice({ deviceId })).body).toMatchObject({ name: 'porch-lamp' });
    const unknown = await terminal.particle(['device', 'rename', 'no-such-lamp', 'lamp']);
    expect(unknown).toMatchObject({ code: 1, text: expect.stringContaining('Permission Denied') });
  }),
  works(['nyan', 'cloud nyan'], async (bench) => {
    const person = await newPerson(bench);
    const { terminal, client } = person;
    const device = await bench.device(person);
    expect(await terminal.particle(['nyan', 'lamp', 'on'])).toMatchObject({ code: 0 });
    expect(device.signalled).toBe(true);
    expect(await terminal.particle(['nyan', 'lamp', 'off'])).toMatchObject({ code: 0 });
    expect(device.signalled).toBe(false);
    const product = await newProduct(client);
    const member = await bench.device(person, { name: 'member', product });
    const line = ['cloud', 'nyan', member.deviceId, '--product', `${product}`];
    expect(await terminal.particle(line)).toMatchObject({ code: 0 });
    expect(member.signalled).toBe(true);
  }),
  works(['call', 'function call'], async (bench) => {
    const person = await newPerson(bench);
    const { terminal, client } = person;
    const device = await bench.device(person);
    expect(await terminal.particle(['call', 'lamp', 'echo', 'four'])).toEqual({
      code: 0,
      text: expect.stringMatching(/^4$/m),
    });
    expect((await client.getVariable({ deviceId: device.deviceId, name: 'last' })).body.result).toBe('four');
    const unknown = await terminal.particle(['function', 'call', device.deviceId, 'nothing']);
    expect(unknown).toMatchObject({ code: 1, text: expect.stringContaining('Function `nothing` not found') });
    await device.disconnect();
    const isOffline = async () => !(await client.getDevice({ deviceId: device.deviceId })).body.online;
    await eventually('the device to be offline', isOffline);
    const offline = await terminal.particle(['call', 'lamp', 'echo', 'four']);
    expect(offline).toMatchObject({ code: 1, text: expect.stringContaining('timed out') });
    const product = await newProduct(client);
    const member = await bench.device(person, { name: 'member', product });
    const line = ['call', member.deviceId, 'echo', 'seven77', '--product', `${product}`];
    expect(await terminal.particle(line)).toEqual({ code: 0, text: expect.stringMatching(/^7$/m) });
  }),
  works(['function list', 'variable list'], async (bench) => {
    const person = await newPerson(bench);
    const device = await bench.device(person);
    const functions = await person.terminal.particle(['function', 'list']);
    expect(functions).toMatchObject({ code: 0, text: expect.stringContaining(`lamp [${device.deviceId}]`) });
    expect(functions.text).toContain('int echo (String args)');
    const variables = await person.terminal.particle(['variable', 'list']);
    expect(variables).toMatchObject({ code: 0, text: expect.stringContaining('ratio (double)') });
  }),
  works(['get', 'variable get'], async (bench) => {
    const person = await newPerson(bench);
    const { terminal, client } = person;
    const [device, other] = await Promise.all([bench.device(person), bench.device(person, { name: 'other' })]);
    expect(await terminal.particle(['get', 'lamp', 'ratio'])).toEqual({ code: 0, text: '21.5\n' });
    const all = await terminal.particle(['variable', 'get', 'all', 'ratio']);
    expect(all.text).toContain(`${device.deviceId}, 21.5`);
    expect(all.text).toContain(`${other.deviceId}, 21.5`);
    const chosen = await terminal.particle(['get', 'lamp'], { answers: [['Which variable did you want?', '']] });
    expect(chosen).toMatchObject({ code: 0, text: expect.stringContaining('last (string)') });
    const unknown = await terminal.particle(['get', 'lamp', 'nothing']);
    expect(unknown).toMatchObject({ code: 1, text: expect.stringContaining('Unknown Variable: nothing') });
    const product = await newProduct(client);
    const member = await bench.device(person, { name: 'member', product });
    const line = ['get', member.deviceId, 'ratio', '--product', `${product}`];
    expect(await terminal.particle(line)).toMatchObject({ code: 0, text: expect.stringContaining('21.5') });
  }),
  works(['monitor', 'variable monitor'], async (bench) => {
    const person = await newPerson(bench);
    await bench.device(person);
    const watch = (text: string) => text.split('21.5').length > 2;
    for (const command of [['monitor'], ['variable', 'monitor']]) {
      const { text } = await person.terminal.particle([...command, 'lamp', 'ratio', '--delay', '500'], { watch });
      expect(text.match(/^21\.5$/gm)?.length).toBeGreaterThan(1);
    }
  }),
  works(
    ['keys send'],
    async (bench) => {
      const { terminal } = await newPerson(bench);
      const { deviceId, identity } = newDeviceIdentity();
      const der = createPrivateKey(identity.pem).export({ format: 'der', type: 'sec1' });
      const line = ['keys', 'send', deviceId, await terminal.write('device.der', der)];
      if (spawnSync(OPENSSL, ['version']).status !== 0) {
        console.warn('keys send is SKIPPED: the command line needs openssl, which this machine has not');
        return;
      }
      const sent = await terminal.particle(line);
      expect(sent).toMatchObject({ code: 0, text: expect.stringContaining('submitting public key succeeded!') });
      expect(await terminal.particle(['device', 'add', deviceId])).toMatchObject({ code: 0 });
      const device = powerOn(bench.server, { deviceId, identity, publicKeyPem: '' });
      await device.connect();
      expect(device.stats.handshakes).toBe(1);
      await device.disconnect();
    },
    'Needs `openssl` on the computer.',
  ),
  notApplicable(['device doctor', 'doctor'], NO_WEB_TOOL, async ({ terminals }) => {
    const { particle } = await terminals.open();
    expect((await particle(['device', 'doctor'])).text).toContain('no longer supported');
  }),
];

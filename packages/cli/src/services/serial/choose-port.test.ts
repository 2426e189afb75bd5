import { describe, expect, it } from 'vitest';
import { usageError } from '../../failure/cli-error.ts';
import type { Prompts } from '../../prompts/prompts.ts';
import { choosePort, portLine } from './choose-port.ts';
import { knownPort } from './known-port.ts';
import type { PortInfo, SerialHost } from './serial-host.ts';

const ID = '0123456789abcdef01234567';
const photon: PortInfo = { path: '/dev/ttyACM0', vendorId: '2b04', productId: 'c006', serialNumber: ID };
const argon: PortInfo = { path: 'COM3', pnpId: 'USB\\VID_2B04&PID_C00C&MI_00\\E00FCE68AAAAAAAAAAAAAAAA' };
const modem: PortInfo = { path: '/dev/ttyUSB0', vendorId: '1a86', productId: '7523' };

const hostWith = (...ports: PortInfo[]): SerialHost => ({
  list: async () => ports,
  open: () => Promise.reject(new Error('not here')),
});
const nobody = {
  select: (question: string, flag: string) => Promise.reject(usageError(`no terminal for ${question}: ${flag}`)),
} as unknown as Prompts;
const choose = (wanted: string | undefined, ...ports: PortInfo[]) =>
  choosePort(wanted, hostWith(...ports), { ask: nobody });

describe('knownPort', () => {
  it('knows devices by their USB ids', () => {
    expect(knownPort(photon)).toEqual({ path: '/dev/ttyACM0', platformId: 6, type: 'Photon', deviceId: ID });
    expect(knownPort(argon)).toMatchObject({ platformId: 12, type: 'Argon', deviceId: 'e00fce68aaaaaaaaaaaaaaaa' });
    expect(knownPort({ path: 'x', vendorId: '2B04', productId: 'C020' })).toMatchObject({ platformId: 32 });
    expect(knownPort({ path: 'x', vendorId: '1d50', productId: '607d' })).toMatchObject({ type: 'Spark Core' });
  });

  it('leaves others and DFU mode alone', () => {
    expect(knownPort(modem)).toBeUndefined();
    expect(knownPort({ path: 'x', vendorId: '2b04', productId: 'd006' })).toBeUndefined();
    expect(knownPort({ path: '/dev/ttyS0' })).toBeUndefined();
  });
});

describe('choosePort', () => {
  it('takes the only device', async () => {
    expect(await choose(undefined, modem, photon)).toMatchObject({ path: '/dev/ttyACM0' });
  });

  it('takes a place in the list, a port or an id', async () => {
    expect(await choose('2', modem, photon, argon)).toMatchObject({ path: 'COM3' });
    expect(await choose('COM3', photon, argon)).toMatchObject({ type: 'Argon' });
    expect(await choose(ID.toUpperCase(), argon, photon)).toMatchObject({ path: '/dev/ttyACM0' });
  });

  it('tries a port that is not in the list', async () => {
    expect(await choose('/dev/pts/3')).toMatchObject({ path: '/dev/pts/3', platformId: undefined });
  });

  it('asks between several, or names --port', async () => {
    await expect(choose(undefined, photon, argon)).rejects.toMatchObject({
      kind: 'usage',
      message: expect.stringContaining('--port'),
    });
    const ask = { select: async () => 'COM3' } as unknown as Prompts;
    expect(await choosePort(undefined, hostWith(photon, argon), { ask })).toMatchObject({ type: 'Argon' });
  });

  it.each([[undefined], ['1'], ['3'], ['0'], [ID]])('finds nothing for %s', async (wanted) => {
    const ports = wanted === '3' || wanted === '0' ? [photon] : [];
    await expect(choose(wanted, ...ports)).rejects.toMatchObject({ kind: 'not-found' });
  });
});

it('prints a port of the list without what a device may have put into it', () => {
  expect(portLine({ path: '/dev/ttyACM0', platformId: 6, type: 'Photon\u001b[2J', deviceId: ID })).toBe(
    `/dev/ttyACM0 - Photon - ${ID}`,
  );
});

import { describe, expect, it } from 'vitest';
import { AllowList } from './allow-list.ts';

const allowed = (entry: string, address: string, port = 80): boolean =>
  new AllowList([entry]).allowsAddress(address, port);

describe('AllowList', () => {
  it('without entries allows nothing', () => {
    const none = new AllowList([]);
    expect(none.allowsAddress('127.0.0.1', 80)).toBe(false);
    expect(none.allowsAddress('::1', 80)).toBe(false);
    expect(none.allowsName('localhost', 80)).toBe(false);
  });

  it.each([
    ['10.0.0.5', '10.0.0.5', '10.0.0.6'],
    ['10.0.0.0/8', '10.255.0.1', '11.0.0.0'],
    ['192.168.4.0/22', '192.168.7.255', '192.168.8.0'],
    ['0.0.0.0/0', '255.255.255.255', '::1'],
    ['10.0.0.5/32', '10.0.0.5', '10.0.0.4'],
    ['::1', '::1', '::2'],
    ['[::1]', '0:0:0:0:0:0:0:1', '127.0.0.1'],
    ['fd00::/8', 'fdff::1', 'fc00::1'],
    ['[fd00::/8]', 'fd00::1', 'fe00::1'],
    ['2001:db8:8000::/33', '2001:db8:ffff::1', '2001:db8:7fff::1'],
    ['::/0', 'fe80::1%eth0', '10.0.0.1'],
    ['10.0.0.0/8', '::ffff:10.1.2.3', '::10.1.2.3'],
    ['::ffff:10.0.0.0/104', '::ffff:10.1.2.3', '10.1.2.3'],
  ])('%s allows %s and not %s', (entry, inside, outside) => {
    expect(allowed(entry, inside)).toBe(true);
    expect(allowed(entry, outside)).toBe(false);
  });

  it.each([
    ['10.0.0.5:8080', '10.0.0.5'],
    ['10.0.0.0/8:8080', '10.0.0.5'],
    ['[::1]:8080', '::1'],
    ['[fd00::/8]:8080', 'fd00::1'],
  ])('%s allows its port alone', (entry, address) => {
    expect(allowed(entry, address, 8080)).toBe(true);
    expect(allowed(entry, address, 80)).toBe(false);
  });

  it('takes a network for one port and another for all', () => {
    const list = new AllowList(['10.0.0.0/8:8080', '10.1.0.0/16']);
    expect(list.allowsAddress('10.2.0.1', 8080)).toBe(true);
    expect(list.allowsAddress('10.1.0.1', 80)).toBe(true);
    expect(list.allowsAddress('10.2.0.1', 80)).toBe(false);
  });

  it.each([
    ['nas.lan', 'nas.lan', 'x.nas.lan'],
    ['NAS.lan.', 'nas.lan', 'nas.lan2'],
    ['*.lan', 'a.b.lan', 'lan'],
    ['*.lan', 'nas.lan', 'xlan'],
    ['bücher.example', 'xn--bcher-kva.example', 'bucher.example'],
    ['node_red', 'node_red', 'node-red'],
  ])('%s allows %s and not %s', (entry, inside, outside) => {
    const list = new AllowList([entry]);
    expect(list.allowsName(inside, 443)).toBe(true);
    expect(list.allowsName(outside, 443)).toBe(false);
  });

  it('a name with a port is for that port', () => {
    const list = new AllowList(['nas.lan:8080']);
    expect(list.allowsName('nas.lan', 8080)).toBe(true);
    expect(list.allowsName('nas.lan', 80)).toBe(false);
  });

  it('a name allows no address that somebody writes', () => {
    expect(allowed('localhost', '127.0.0.1')).toBe(false);
  });

  it.each([
    '',
    ' ',
    '*',
    '*.',
    '**.lan',
    'a.*.lan',
    '*lan',
    '.lan',
    'nas..lan',
    'nas lan',
    'http://nas.lan',
    'https://nas.lan/',
    'nas.lan/x',
    'nas.lan/24',
    'user@nas.lan',
    'nas.lan:',
    'nas.lan:0',
    'nas.lan:65536',
    'nas.lan:http',
    'nas.lan:80:90',
    '127.1',
    '0x7f.1',
    '2130706433',
    '192.168.001.1',
    '*.127.0.0.1',
    '256.0.0.1',
    '10.0.0.0/',
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '10.0.0.0/8/8',
    '10.0.0.0/8x',
    '10.0.0.0/255.0.0.0',
    '10.0.0.1/8',
    '10.0.0.0/8:0',
    '10.0.0.0/8:99999',
    '10.0.0.1:',
    '0.0.0.1/0',
    'fd00::1/8',
    'fd00::/129',
    '[fd00::]/8',
    '[fd00::/8',
    'fd00::/8]:80',
    '[10.0.0.1]:80',
    '[nas.lan]:80',
    '[]',
    '[::1]:0',
    '[::1]80',
    ':::',
    'fe80::1%eth0',
    `${'a'.repeat(64)}.lan`,
  ])('%j is refused by name', (entry) => {
    expect(() => new AllowList(['10.0.0.1', entry])).toThrow(
      expect.objectContaining({
        code: 'outbound.bad_allow',
        message: expect.stringContaining(`CHAMBER_OUTBOUND_ALLOW: "${entry}" `),
      }),
    );
  });
});

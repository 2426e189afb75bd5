import { describe, expect, it } from 'vitest';
import { LISTENING_BOARDS } from './boards.ts';
import type { ListeningEffect } from './listening-mode.ts';
import { ListeningMode } from './listening-mode.ts';
import { WifiCipher, WifiSecurity } from './wifi-credentials.ts';

const ID = '0123456789abcdef01234567';
const PEM = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----';

function device(name: string, more: Partial<ConstructorParameters<typeof ListeningMode>[0]> = {}) {
  const listening = new ListeningMode({ board: LISTENING_BOARDS.get(name)!, deviceId: ID, ...more });
  const all: ListeningEffect[] = [];
  return {
    all,
    /** What it prints for a piece of input. */
    type(text: string): string {
      const effects = listening.receive(Buffer.from(text));
      all.push(...effects);
      return effects.map((effect) => (effect.kind === 'output' ? Buffer.from(effect.bytes).toString() : '')).join('');
    },
  };
}

describe('letters', () => {
  it('tell id and version in the words of each generation', () => {
    expect(device('photon').type('i')).toBe(`Your device id is ${ID}\r\n`);
    expect(device('photon').type('v')).toBe('system firmware version: 1.5.2\n\r\n');
    expect(device('b5som').type('i')).toMatch(
      /^Device ID: 0123456789abcdef01234567\r\nIMEI: \d{15}\r\nICCID: \d{20}\r\n/,
    );
  });

  it('tell the MAC address, and zeros where there is no Wi-Fi', () => {
    expect(device('argon').type('m')).toBe('Your device MAC address is\r\ne0:4f:43:00:00:12\r\n');
    expect(device('b5som').type('m')).toContain('00:00:00:00:00:00');
  });

  it('tell the modules as JSON on one line', () => {
    const [line, rest] = device('photon').type('s').split('\r\n');
    expect(rest).toBe('');
    const { p, m } = JSON.parse(line!);
    expect(p).toBe(6);
    expect(m.map(({ f, n, v }: Record<string, unknown>) => `${f}${n} ${v}`)).toEqual([
      'b0 502',
      's1 1512',
      's2 1512',
      'u1 3',
    ]);
    expect(m[3].u).toHaveLength(64);
  });

  it('are answered one after the other, and unknown ones not at all', () => {
    expect(device('photon').type('zi?v')).toBe(`Your device id is ${ID}\r\nsystem firmware version: 1.5.2\n\r\n`);
  });

  it('leave listening mode, or restart into it', () => {
    const { all, type } = device('argon');
    type('x');
    type('L');
    expect(all).toEqual([{ kind: 'left' }, { kind: 'restarted' }]);
  });
});

describe('Wi-Fi', () => {
  it('asks for security and cipher where the scan finds no such network', () => {
    const { all, type } = device('argon');
    expect(type('w')).toBe('SSID: ');
    expect(type('home\n')).toBe('home\r\nSecurity 0=unsecured, 1=WEP, 2=WPA, 3=WPA2: ');
    expect(type('3\n')).toBe('3\r\nSecurity Cipher 1=AES, 2=TKIP, 3=AES+TKIP: ');
    expect(type('1\n')).toBe('1\r\nPassword: ');
    expect(type('hunter22\n')).toBe('hunter22\r\n    Particle <3 you!\r\n\r\n');
    expect(all.at(-1)).toEqual({
      kind: 'credentials',
      credentials: { ssid: 'home', security: 3, cipher: 1, password: 'hunter22', enterprise: undefined },
    });
  });

  it('asks for the password alone where it finds it', () => {
    const sees = [{ ssid: 'home', security: WifiSecurity.WPA2, cipher: WifiCipher.AES }];
    const { type } = device('p2', { sees });
    type('w');
    expect(type('home\n')).toBe('home\r\nPassword: ');
  });

  it('asks again for what is no answer', () => {
    const { type } = device('argon');
    expect(type('w\n')).toBe('SSID: \r\nSSID: ');
    type('home\n');
    expect(type('4\n')).toBe('4\r\nSecurity 0=unsecured, 1=WEP, 2=WPA, 3=WPA2: ');
  });

  it('loses what comes along behind the end of a line', () => {
    const { type } = device('argon');
    expect(type('whome\n3\n1\n')).toBe('SSID: home\r\nSecurity 0=unsecured, 1=WEP, 2=WPA, 3=WPA2: ');
  });

  it('takes characters back', () => {
    const { all, type } = device('argon', { sees: [{ ssid: 'home', security: 0, cipher: 1 }] });
    type('w');
    type('homer\b\n');
    expect(all.at(-1)).toMatchObject({ kind: 'credentials', credentials: { ssid: 'home' } });
  });

  it('says when it cannot save', () => {
    const { all, type } = device('argon', { cannotSave: true, sees: [{ ssid: 'home', security: 0, cipher: 1 }] });
    type('w');
    expect(type('home\n')).toContain("couldn't save the credentials");
    expect(all.every(({ kind }) => kind === 'output')).toBe(true);
  });

  it('is nothing on boards without it', () => {
    expect(device('b5som').type('w')).toBe('');
  });
});

describe('WPA Enterprise', () => {
  it('is offered by Gen 2, by certificate', () => {
    const { all, type } = device('photon');
    type('w');
    expect(type('office\n')).toContain('4=WPA Enterprise, 5=WPA2 Enterprise: ');
    type('5\n');
    expect(type('1\n')).toContain('EAP Type 0=PEAP/MSCHAPv2, 1=EAP-TLS: ');
    expect(type('1\n')).toBe('1\r\nClient certificate in PEM format:\r\n');
    expect(type(`${PEM}\n\n`)).toMatch(/-----END CERTIFICATE-----\r\n\r\nPrivate key in PEM format:\r\n$/);
    expect(type(`${PEM}\n\n`)).toContain('Outer identity (optional): ');
    expect(type('\n')).toBe('\r\nRoot CA in PEM format (optional):\r\n');
    expect(type('\n')).toContain('<3');
    expect(all.at(-1)).toMatchObject({
      credentials: {
        security: 5,
        password: '',
        enterprise: { eap: 'EAP-TLS', clientCertificate: `${PEM.replaceAll('\n', '\r\n')}\r\n`, rootCa: undefined },
      },
    });
  });

  it('is offered by Gen 2, by name and password', () => {
    const { all, type } = device('photon', { sees: [{ ssid: 'office', security: 5, cipher: 1 }] });
    type('w');
    type('office\n');
    expect(type('0\n')).toBe('0\r\nUsername: ');
    expect(type('ada\n')).toBe('ada\r\nPassword: ');
    type('secret\n');
    type('anonymous\n');
    type('\n');
    expect(all.at(-1)).toMatchObject({
      credentials: { password: 'secret', enterprise: { eap: 'PEAP', username: 'ada', outerIdentity: 'anonymous' } },
    });
  });
});

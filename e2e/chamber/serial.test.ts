import { LISTENING_BOARDS } from '@cloudchamber/virtual-device';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { openVirtualPort, socatPath, type VirtualPort } from '../harness/virtual-port.ts';
import { describeRows } from './rows.ts';
import { openShells, type Shell, type Shells } from './terminal.ts';

const NOTE = 'on a pseudo-terminal; never run on hardware';
let shells: Shells;
let shell: Shell;
const ports: VirtualPort[] = [];
const listening = async (board: string, more = {}): Promise<VirtualPort> => {
  const port = await openVirtualPort(shell.folder, { board: LISTENING_BOARDS.get(board)!, ...more });
  ports.push(port);
  return port;
};
beforeAll(async () => {
  shells = await openShells();
  shell = await shells.open();
});
afterAll(async () => {
  await Promise.all(ports.map((port) => port.vanish()));
  await shells?.[Symbol.asyncDispose]();
});

if (socatPath === undefined) {
  process.stderr.write('TESTS OF SERIAL PORTS ARE SKIPPED: install socat (Debian: apt-get install socat).\n');
  describe.skip('Serial', () => {});
} else {
  describeRows('Serial', [
    {
      ids: ['CLI-42', 'CLI-46'],
      what: '`identify` prints id, version and SIM of a device, and nothing secret',
      note: NOTE,
      async run() {
        const photon = await listening('photon');
        expect(await shell.chamber(['identify', '--port', photon.path])).toMatchObject({
          code: 0,
          stdout: 'Your device id is 0123456789abcdef01234567\nYour system firmware version is 1.5.2\n',
        });
        const som = await listening('b5som');
        const data = await shell.json(['serial', 'identify', '--port', som.path]);
        expect(data).toMatchObject({ imei: '352753090000017', iccid: '89314404000000000017' });
        expect(JSON.stringify(data)).not.toContain('K4W7E2PQ9ZTM3XA');
      },
    },
    {
      ids: ['CLI-45'],
      what: '`serial wifi --file` tells the network, and prints no password; bad files are refused before anything is sent',
      note: NOTE,
      async run() {
        const argon = await listening('argon');
        const file = await shell.write('a.json', '{"network":"home","security":"WPA2_AES","password":"hunter22"}');
        const { code, stdout, stderr } = await shell.chamber(['serial', 'wifi', '--port', argon.path, '--file', file]);
        expect({ code, stdout }).toEqual({ code: 0, stdout: 'Done! Your device should now restart.\n' });
        expect(stderr).not.toContain('hunter22');
        expect(argon.credentials).toMatchObject([{ ssid: 'home', security: 3, cipher: 1, password: 'hunter22' }]);
        const bad = await shell.write('b.json', '{"network":"home","security":"WPA9","password":"hunter22"}');
        const before = argon.heard();
        expect(await shell.chamber(['serial', 'wifi', '--port', argon.path, '--file', bad])).toMatchObject({ code: 2 });
        expect(argon.heard()).toBe(before);
      },
    },
    {
      ids: ['NET-01', 'NET-02', 'NET-03', 'NET-04', 'NET-07', 'NET-08', 'NET-09', 'NET-10'],
      what: '`serial wifi --help` tells which boards join which networks, and how else they are told one',
      note: 'Told, not checked: the device alone sees the network.',
      async run() {
        const { code, stdout } = await shell.chamber(['serial', 'wifi', '--help']);
        expect(code).toBe(0);
        const help = stdout.replace(/\s+/g, ' ');
        for (const fact of [
          'Photon and P1 (Gen 2), Argon (Gen 3), and P2 and Photon 2 can be set up',
          'Only P2 and Photon 2 have 5 GHz',
          'SoftAP',
          'without DHCP they join from Device OS 5.3.0 on',
          'certificates of RSA keys',
          'captive portals, IPv6',
          'The mobile apps of their maker are not to be relied on',
          'cannot join a network whose name is hidden',
        ]) {
          expect(help).toContain(fact);
        }
      },
    },
    {
      ids: ['CLI-45', 'NET-05', 'NET-06'],
      what: 'WPA Enterprise goes to a Photon, and is refused for an Argon before it hears of it',
      note: NOTE,
      async run() {
        const content =
          '{"network":"office","security":"WPA2_802.1x","eap":"PEAP","username":"ada","password":"secret"}';
        const file = await shell.write('c.json', content);
        const photon = await listening('photon');
        expect(await shell.chamber(['serial', 'wifi', '--port', photon.path, '--file', file])).toMatchObject({
          code: 0,
        });
        expect(photon.credentials).toMatchObject([{ security: 5, enterprise: { eap: 'PEAP', username: 'ada' } }]);
        const argon = await listening('argon');
        const outcome = await shell.chamber(['serial', 'wifi', '--port', argon.path, '--file', file]);
        expect(outcome).toMatchObject({ code: 1, stderr: expect.stringContaining('Photon and the P1 alone') });
        expect(argon.heard()).not.toContain('w');
      },
    },
    {
      ids: ['CLI-48'],
      what: '`serial monitor` echoes without dangerous escape sequences, until Ctrl-C',
      note: NOTE,
      async run() {
        const port = await listening('photon');
        const outcome = await shell.chamber(['serial', 'monitor', '--port', port.path], {
          interruptWhen: (stdout, stderr) => {
            if (stdout === '' && stderr.includes('opened')) port.print('hello \u001b[2Jworld\n');
            return stdout.includes('world');
          },
        });
        expect(outcome).toMatchObject({ code: 130, stdout: 'hello world\n' });
      },
    },
    {
      ids: ['CLI-49', 'CLI-47'],
      what: '`serial flash` names DFU mode, and `serial list` ends well without a device',
      async run() {
        const flashed = await shell.chamber(['serial', 'flash', 'a.bin']);
        expect(flashed).toMatchObject({ code: 1, stderr: expect.stringContaining('--usb') });
        expect(await shell.json(['serial', 'list'])).toBeInstanceOf(Array);
      },
    },
    {
      ids: ['CLI-50', 'CLI-51'],
      what: '`serial inspect` prints the modules and their checks, `serial mac` the address',
      note: NOTE,
      async run() {
        const { path } = await listening('photon');
        const { stdout } = await shell.chamber(['serial', 'inspect', '--port', path]);
        expect(stdout).toContain(
          'Platform: 6 - Photon\nModules\n  Bootloader module #0 - version 502, main location, 16384 bytes max size\n    Integrity: PASS\n',
        );
        expect(stdout).toContain(
          '    Dependencies: PASS\n      System module #1 - version 1512\n      Bootloader module #0',
        );
        expect(await shell.json(['serial', 'mac', '--port', path])).toMatchObject({ mac: 'e0:4f:43:00:00:06' });
      },
    },
    {
      ids: ['CLI-42'],
      what: 'a silent port and one that vanishes end with 6, and one that is not there with 5',
      note: NOTE,
      async run() {
        const silent = await openVirtualPort(shell.folder);
        const vanishing = await openVirtualPort(shell.folder, { vanishAfter: 'i' });
        ports.push(silent, vanishing);
        const [first, second, third] = await Promise.all(
          [silent.path, vanishing.path, '/dev/none'].map((path) => shell.chamber(['identify', '--port', path])),
        );
        expect(first).toMatchObject({ code: 6, stderr: expect.stringContaining('does not answer') });
        expect(second).toMatchObject({ code: 6, stderr: expect.stringContaining('was lost') });
        expect(third).toMatchObject({ code: 5, stderr: expect.stringContaining('There is no serial port') });
      },
    },
  ]);
}

import { describe, expect, it } from 'vitest';
import { parsedDeviceId } from '../../../data/device-id.ts';
import { hardwareCommands, virtualDeviceCommand } from './commands.ts';

const cloud = { publicUrl: 'http://127.0.0.1:8080', deviceHost: '127.0.0.1', udpPort: 5684, tcpPort: 5683 };

describe('the commands that add a device', () => {
  it('run a virtual device that the token claims', () => {
    expect(virtualDeviceCommand({ cloud, token: undefined, behaviour: 'weather' }).replaceAll(' \\\n ', '')).toBe(
      'npm run virtual-device -- --behaviour weather --state ./my-weather-device --api http://127.0.0.1:8080 --token $TOKEN',
    );
  });

  it('quote the claim code, which may have slashes', () => {
    const command = virtualDeviceCommand({ cloud, token: 'abc', behaviour: 'tinker', claimCode: 'a/b+c' });
    expect(command).toContain('--token abc');
    expect(command).toContain("--claim-code 'a/b+c'");
  });

  it('name host and port where devices reach the cloud elsewhere', () => {
    const elsewhere = {
      ...cloud,
      publicUrl: 'https://cloud.example.net',
      deviceHost: '$id.udp.example.net',
      udpPort: 5690,
    };
    const command = virtualDeviceCommand({ cloud: elsewhere, token: 'abc', behaviour: 'echo' });
    expect(command).toContain('--host udp.example.net');
    expect(command).toContain('--port 5690');
  });

  it('write the key and the address of the transport to hardware', () => {
    const id = 'e00fce68a1b2c3d4e5f60718';
    expect(hardwareCommands({ cloud, transport: 'tcp', deviceId: id })).toEqual({
      profile: 'particle profile chamber apiUrl http://127.0.0.1:8080\nparticle profile chamber\nparticle login',
      serverKey:
        "curl 'http://127.0.0.1:8080/v1/server-key?algorithm=rsa&format=der&host=127.0.0.1&port=5683' -o server-rsa.der\nparticle keys server server-rsa.der",
      deviceKey: `particle keys save ${id}.der\nparticle keys send ${id} ${id}.der`,
      claim: `particle device add ${id}`,
    });
    expect(hardwareCommands({ cloud, transport: 'udp', deviceId: undefined }).serverKey).toContain('algorithm=ecc');
  });

  it.each([
    [' E00FCE68A1B2C3D4E5F60718 ', 'e00fce68a1b2c3d4e5f60718'],
    ['e00fce68a1b2c3d4e5f6071', undefined],
    ['tinker', undefined],
  ])('take %j for an id or not', (text, id) => {
    expect(parsedDeviceId(text)).toBe(id);
  });
});

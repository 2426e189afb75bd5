import { describe, expect, it } from 'vitest';
import { BEHAVIOURS } from '../behaviours/index.ts';
import { deviceOs62, PROFILES } from '../profiles/index.ts';
import { parseCommandLine, USAGE } from './options.ts';

const API = ['--api', 'http://localhost:8080'];

describe('the command line', () => {
  it('has a default for everything but the cloud', () => {
    expect(parseCommandLine(API, {})).toEqual({
      count: 1,
      behaviours: [BEHAVIOURS.get('weather')],
      profiles: [deviceOs62],
      host: undefined,
      port: undefined,
      serverKey: undefined,
      state: 'data/virtual-devices',
      api: 'http://localhost:8080',
      token: undefined,
      claimCode: undefined,
      namePrefix: 'virtual-device',
      rate: 100,
      updateFault: undefined,
      updatesEnabled: true,
      vitalsIntervalMs: undefined,
      verbose: false,
    });
  });

  it.each([
    [['--fail-updates', 'stale'], { updateFault: { kind: 'stale', percent: 100 } }],
    [['--fail-updates', 'never-return=2.5'], { updateFault: { kind: 'never-return', percent: 2.5 } }],
    [['--fail-updates', 'slow=10'], { updateFault: { kind: 'slow', percent: 10, bytesPerSecond: 2048 } }],
    [
      ['--fail-updates', 'slow', '--update-speed', '500'],
      { updateFault: { kind: 'slow', percent: 100, bytesPerSecond: 500 } },
    ],
    [['--claim-code', 'kqX1+/'], { claimCode: 'kqX1+/' }],
    [['--updates-disabled'], { updatesEnabled: false }],
    [['--vitals-every', '60'], { vitalsIntervalMs: 60_000 }],
  ])('takes %j', (args, expected) => {
    expect(parseCommandLine([...API, ...args], {})).toMatchObject(expected);
  });

  it('takes several behaviours, and the token from the environment', () => {
    const args = [...API, '--count', '300', '--behaviour', 'echo, tinker', '--port', '5690', '--verbose'];
    expect(parseCommandLine(args, { CHAMBER_TOKEN: 'abc' })).toMatchObject({
      count: 300,
      behaviours: [BEHAVIOURS.get('echo'), BEHAVIOURS.get('tinker')],
      port: 5690,
      token: 'abc',
      verbose: true,
    });
    expect(parseCommandLine([...API, '--token', 'own'], { CHAMBER_TOKEN: 'abc' })?.token).toBe('own');
  });

  it('takes several generations of Device OS', () => {
    const args = [...API, '--profile', 'device-os-0.5,device-os-4.2'];
    expect(parseCommandLine(args, {})?.profiles.map(({ platformId }) => platformId)).toEqual([10, 25]);
  });

  it.each([
    [[], '--server-key FILE, or --api URL'],
    [[...API, '--count', '0'], '--count is a whole number'],
    [[...API, '--count', 'x'], '--count is a whole number'],
    [[...API, '--port', '70000'], '--port is a whole number from 1 to 65535'],
    [[...API, '--behaviour', 'wheather'], 'there are tinker, weather, echo'],
    [[...API, '--profile', 'device-os-9'], 'there is no profile "device-os-9": there are device-os-0.5'],
    [['--api', 'localhost:8080'], '--api is a URL'],
    [['--server-key', 'key.pem', '--token', 'abc'], '--token needs --api'],
    [[...API, '--claim-code', 'kqX1', '--count', '2'], '--claim-code is for one device'],
    [[...API, '--fail-updates', 'sometimes'], '--fail-updates is one of refuse, bad-flash'],
    [[...API, '--fail-updates', 'stale=101'], 'not "stale=101"'],
    [[...API, '--fail-updates', 'stale='], 'not "stale="'],
    [[...API, '--update-speed', '10'], '--update-speed is a whole number from 64'],
    [[...API, '--vitals-every', '0'], '--vitals-every is a whole number from 1'],
    [[...API, '--colour'], '--colour'],
  ])('says what is wrong with %j', (args, message) => {
    expect(() => parseCommandLine(args, {})).toThrow(message);
  });

  it('asks for help with --help, whatever else is there', () => {
    expect(parseCommandLine(['--help', '--count', 'x'], {})).toBeUndefined();
    for (const name of [...BEHAVIOURS.keys(), ...PROFILES.keys()]) expect(USAGE).toContain(name);
  });
});

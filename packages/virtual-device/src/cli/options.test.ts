import { describe, expect, it } from 'vitest';
import { BEHAVIOURS } from '../behaviours/index.ts';
import { parseCommandLine, USAGE } from './options.ts';

const API = ['--api', 'http://localhost:8080'];

describe('the command line', () => {
  it('has a default for everything but the cloud', () => {
    expect(parseCommandLine(API, {})).toEqual({
      count: 1,
      behaviours: [BEHAVIOURS.get('weather')],
      host: undefined,
      port: undefined,
      serverKey: undefined,
      state: 'data/virtual-devices',
      api: 'http://localhost:8080',
      token: undefined,
      namePrefix: 'virtual-device',
      rate: 100,
      verbose: false,
    });
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

  it.each([
    [[], '--server-key FILE, or --api URL'],
    [[...API, '--count', '0'], '--count is a whole number'],
    [[...API, '--count', 'x'], '--count is a whole number'],
    [[...API, '--port', '70000'], '--port is a whole number from 1 to 65535'],
    [[...API, '--behaviour', 'wheather'], 'there are tinker, weather, echo'],
    [['--api', 'localhost:8080'], '--api is a URL'],
    [['--server-key', 'key.pem', '--token', 'abc'], '--token needs --api'],
    [[...API, '--colour'], '--colour'],
  ])('says what is wrong with %j', (args, message) => {
    expect(() => parseCommandLine(args, {})).toThrow(message);
  });

  it('asks for help with --help, whatever else is there', () => {
    expect(parseCommandLine(['--help', '--count', 'x'], {})).toBeUndefined();
    for (const name of BEHAVIOURS.keys()) expect(USAGE).toContain(name);
  });
});

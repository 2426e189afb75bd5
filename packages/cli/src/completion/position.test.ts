import { describe, expect, it } from 'vitest';
import { defineCommand } from '../program/define-command.ts';
import { argument, choiceOption, flag, optionalChoice, restArguments, textOption } from '../program/parameters.ts';
import { positionIn } from './position.ts';

const nothing = { json: 'Nothing', run: async () => {} };
const commands = [
  defineCommand({
    ...nothing,
    name: 'call',
    aliases: ['function call'],
    summary: 'Call a function',
    args: { device: argument('a device', { complete: 'device' }), name: argument('its name') },
    options: {
      product: textOption('-p, --product <product>', 'of this product', { complete: 'product' }),
      format: choiceOption('--format <format>', 'how', ['wide', 'narrow']),
      old: flag('--old', 'an older name', { hidden: true }),
    },
  }),
  defineCommand({
    ...nothing,
    name: 'device remove',
    summary: 'Remove devices',
    args: { devices: restArguments('devices', { complete: 'device' }) },
  }),
  defineCommand({
    ...nothing,
    name: 'product device list',
    summary: 'List devices',
    args: {
      product: argument('a product', { complete: 'product' }),
      order: optionalChoice('how', ['name', 'id']),
      device: restArguments('devices', { complete: 'device' }),
    },
  }),
];
const groups = new Map([
  ['device', 'Devices'],
  ['product', 'Products'],
]);

function at(...words: string[]) {
  const { candidates, ...rest } = positionIn(words, { commands, groups });
  return { ...rest, values: candidates.map(({ value }) => value) };
}

describe('positionIn', () => {
  it('offers first words, and older names only where nothing else begins so', () => {
    expect(at('')).toMatchObject({ values: ['call', 'device', 'product', 'help'], live: undefined });
    expect(at('fun').values).toEqual(['function', 'help']);
    expect(at('function', '').values).toEqual(['call']);
    expect(at('help', 'dev')).toMatchObject({ values: ['device'], live: undefined });
  });

  it('says what commands and groups are for', () => {
    expect(positionIn(['de'], { commands, groups }).candidates[0]).toEqual({ value: 'device', says: 'Devices' });
    expect(positionIn(['device', ''], { commands, groups }).candidates).toEqual([
      { value: 'remove', says: 'Remove devices' },
    ]);
  });

  it('offers what belongs to an argument', () => {
    expect(at('call', 'la')).toMatchObject({ live: 'device', prefix: 'la', values: [] });
    expect(at('call', 'lamp', '')).toMatchObject({ live: undefined, values: [] });
    expect(at('device', 'remove', 'a', 'b', '')).toMatchObject({ live: 'device' });
    expect(at('product', 'device', 'list', 'lamps', '')).toMatchObject({ values: ['name', 'id'] });
  });

  it('offers flags that are not there yet, and none that are older spellings', () => {
    const { values } = at('call', '-p', 'lamps', '--');
    expect(values).toEqual(expect.arrayContaining(['--format', '--json', '--help']));
    expect(values).not.toContain('--product');
    expect(values).not.toContain('--old');
    expect(at('call', '--', '--f').values).toEqual([]);
  });

  it('offers values of flags', () => {
    expect(at('call', '--format', '').values).toEqual(['wide', 'narrow']);
    expect(at('call', '--format=w')).toMatchObject({ values: ['wide', 'narrow'], front: '--format=', prefix: 'w' });
    expect(at('call', '--product', '')).toMatchObject({ live: 'product' });
    expect(at('call', '--profile', 'l')).toMatchObject({ live: 'profile', prefix: 'l' });
  });

  it('knows the product, the profile and the address', () => {
    expect(at('call', '--product', 'lamps', '')).toMatchObject({ live: 'device', product: 'lamps' });
    expect(at('call', '--product=lamps', '')).toMatchObject({ live: 'device', product: 'lamps' });
    expect(at('product', 'device', 'list', 'lamps', 'id', '')).toMatchObject({ live: 'device', product: 'lamps' });
    expect(at('call', '--profile', 'one', '--api-url=http://x', '').flags).toEqual({
      profile: 'one',
      apiUrl: 'http://x',
    });
  });
});

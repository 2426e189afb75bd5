import { expect, it } from 'vitest';
import { flag, textOption } from '../../program/parameters.ts';
import { argsOf } from './start-args.ts';

it('gives the flags that were given, by the spelling of the command line', () => {
  const options = {
    profile: textOption('--device-profile <list>', 'generations'),
    count: textOption('--count <count>', 'how many'),
    'updates-disabled': flag('--updates-disabled', 'none'),
  };
  expect(argsOf(options, { profile: '-a', count: undefined, 'updates-disabled': true })).toEqual([
    '--device-profile=-a',
    '--updates-disabled',
  ]);
  expect(argsOf(options, { 'updates-disabled': false, token: 'secret' })).toEqual([]);
});

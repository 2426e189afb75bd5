import { describe, expect, it } from 'vitest';
import { CMD_PRESETS, cmdProblem, cmdResult } from './cmd-command.ts';

describe('the cmd box', () => {
  it.each(CMD_PRESETS.map(({ value }) => value))('offers what is valid: %s', (text) => {
    expect(cmdProblem(text)).toBeUndefined();
  });

  it.each([
    ['get_loc', 'This is not valid JSON'],
    ['"get_loc"', 'A command is a JSON object'],
    ['[]', 'A command is a JSON object'],
    ['{"command":"reset"}', 'A command has its name in "cmd"'],
    ['{"cmd":1}', 'A command has its name in "cmd"'],
  ])('says what is wrong with %s', (text, problem) => {
    expect(cmdProblem(text)).toBe(problem);
  });

  it('puts results into words', () => {
    expect([0, -22, 5].map(cmdResult)).toEqual([
      'Done (0)',
      'The device says that the JSON is invalid (-22)',
      'The device returned 5',
    ]);
  });
});

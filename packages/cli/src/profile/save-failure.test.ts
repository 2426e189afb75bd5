import { describe, expect, it } from 'vitest';
import { saveFailure } from './save-failure.ts';

describe('saveFailure', () => {
  it.each([
    ['ENOSPC', 'the disk is full'],
    ['EACCES', 'you may not write there'],
    ['EROFS', 'the disk cannot be written'],
    ['EOTHER', 'as the system says it'],
  ])('tells of %s in a sentence with the file', (code, reason) => {
    const error = Object.assign(new Error('as the system says it'), { code, path: '/home/ann/x.4711.new' });
    expect(saveFailure('/home/ann/x', error)).toMatchObject({
      kind: 'failure',
      message: `The settings cannot be saved in /home/ann/x: ${reason}`,
      next: 'Nothing was changed. HOME says where settings are kept.',
    });
  });
});

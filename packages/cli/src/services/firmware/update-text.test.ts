import { describe, expect, it } from 'vitest';
import { failureText, sizeText, stageText } from './update-text.ts';

describe('the words of an update', () => {
  it('number the images when there are several', () => {
    expect(stageText({ stage: 'transferring', image: 0, images: 1 })).toBe('Sending');
    expect(stageText({ stage: 'transferring', image: 1, images: 3 })).toBe('Sending (image 2 of 3)');
    expect(stageText({ stage: 'applying', image: 3, images: 3 })).toBe('The device applies it (image 3 of 3)');
    expect(stageText({ stage: 'done', image: 3, images: 3 })).toBe('Done');
  });

  it('say why it failed, and pass no control characters of the device on', () => {
    expect(failureText('lamp', 'refused', 'flash \u001b[2Jis full\u0007')).toBe('lamp refused it: flash is full\ufffd');
    expect(failureText('lamp', 'device_gone', null)).toBe('lamp went away in the midst of it');
    expect(failureText('lamp', 'cancelled', ' ')).toBe('The update of lamp was cancelled');
    expect(failureText('lamp', 'of_tomorrow', null)).toBe('lamp ended with "of_tomorrow"');
  });

  it('give sizes', () => {
    expect([0, 1023, 1024, 20_064, 2 ** 23].map(sizeText)).toEqual([
      '0 bytes',
      '1023 bytes',
      '1 KB',
      '20 KB',
      '8,192 KB',
    ]);
  });
});

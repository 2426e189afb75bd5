import { describe, expect, it } from 'vitest';
import { openFailure, silentDevice } from './port-failures.ts';

describe('openFailure', () => {
  it.each([
    ['Error: No such file or directory, cannot open /dev/x', 'linux', 'not-found', 'There is no serial port'],
    ['Opening COM9: File not found', 'win32', 'not-found', 'There is no serial port'],
    ['Error: Permission denied, cannot open /dev/x', 'linux', 'forbidden', 'You may not open'],
    ['Opening COM3: Access denied', 'win32', 'failure', 'in use by another program'],
    ['Error Resource temporarily unavailable Cannot lock port', 'linux', 'failure', 'in use by another program'],
    ['Error: Device or resource busy, cannot open /dev/x', 'linux', 'failure', 'in use by another program'],
    [
      'Error: Inappropriate ioctl for device setting custom baud rate of 9600',
      'linux',
      'failure',
      'is not a serial port',
    ],
    ['Error: something else', 'linux', 'failure', 'something else'],
  ])('%s (%s) is %s', (message, platform, kind, says) => {
    expect(openFailure('/dev/x', message, platform)).toMatchObject({ kind, message: expect.stringContaining(says) });
  });

  it('names the group where there is no permission', () => {
    expect(openFailure('/dev/x', 'Permission denied', 'linux').next).toContain('dialout');
  });
});

describe('silentDevice', () => {
  it('tells silence, noise and an unfinished dialogue apart', () => {
    expect(silentDevice('/dev/x', '', 'i').message).toContain('does not answer');
    expect(silentDevice('/dev/x', 'log line', 'i').message).toContain('is no answer');
    expect(silentDevice('/dev/x', 'i', 'i')).toMatchObject({
      kind: 'offline',
      message: expect.stringContaining('dialogue'),
    });
  });
});

/** For the page of each command: what its tests do not show. */
export const NEVER_ON_HARDWARE =
  'Tested against a virtual device in listening mode on a pseudo-terminal, and never run on real hardware. The device must be in listening mode: its light blinks dark blue.';

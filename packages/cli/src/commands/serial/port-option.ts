import { textOption } from '../../program/parameters.ts';

/** Which port, for every command on one. */
export const portOption = textOption(
  '--port <port>',
  'the place in "serial list" (1), a port (COM3, /dev/ttyACM0) or a device id',
);

import type { Readable, Writable } from 'node:stream';
import type { ListeningBoard } from '../listening/index.ts';
import { ListeningMode } from '../listening/index.ts';

/** Of every device in listening mode that is run this way. */
const DEVICE_ID = 'e00fce68ffffffffffffff17';

/**
 * A device in listening mode, whose serial port is a pair of streams, until the input ends or `stop` resolves.
 * @param write takes lines for a person; passwords are not in them
 */
export async function listenOnStdio(
  board: ListeningBoard,
  { stdin, stdout }: { readonly stdin: Readable; readonly stdout: Writable },
  write: (line: string) => void,
  stop: Promise<void>,
): Promise<void> {
  const device = new ListeningMode({ board, deviceId: DEVICE_ID });
  const ended = new Promise<void>((resolve) => {
    stdin.once('end', resolve);
    stdin.once('error', () => resolve());
  });
  stdout.on('error', () => {});
  stdin.on('data', (bytes: Buffer) => {
    for (const effect of device.receive(bytes)) {
      if (effect.kind === 'output') stdout.write(effect.bytes);
      else if (effect.kind === 'credentials')
        write(`credentials of the network "${effect.credentials.ssid}" were kept`);
      else write(effect.kind === 'left' ? 'listening mode was left' : 'restarted into listening mode');
    }
  });
  await Promise.race([ended, stop]);
  stdin.destroy();
}

import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import {
  type ListeningBoard,
  ListeningMode,
  type SeenNetwork,
  type WifiCredentials,
} from '@cloudchamber/virtual-device';
import { eventually } from './eventually.ts';

/** What makes pseudo-terminals; undefined where it is not installed. */
export const socatPath = ['/usr/bin/socat', '/usr/local/bin/socat'].find((path) => existsSync(path));

interface PortOptions {
  /** Undefined: nothing is behind the port, which stays silent. */
  readonly board?: ListeningBoard;
  readonly sees?: readonly SeenNetwork[];
  /** Goes away when it has heard this much. */
  readonly vanishAfter?: string;
}

/** A pseudo-terminal with a device in listening mode behind it. */
export interface VirtualPort {
  readonly path: string;
  readonly credentials: readonly WifiCredentials[];
  /** All that the device was sent. */
  heard(): string;
  /** The device prints something by itself. */
  print(text: string): void;
  /** The cable is pulled. */
  vanish(): Promise<void>;
}

let opened = 0;

/** @param folder where its link is made */
export async function openVirtualPort(
  folder: string,
  { board, sees = [], vanishAfter }: PortOptions = {},
): Promise<VirtualPort> {
  const path = join(folder, `tty${opened++}`);
  const credentials: WifiCredentials[] = [];
  const device = board && new ListeningMode({ board, deviceId: '0123456789abcdef01234567', sees });
  let heard = '';
  let socket: Socket | undefined;
  const server = createServer((connected) => {
    socket = connected;
    connected.on('error', () => {});
    connected.on('data', (bytes) => {
      heard += bytes.toString();
      if (vanishAfter !== undefined && heard.includes(vanishAfter)) return child.kill();
      for (const effect of device?.receive(bytes) ?? []) {
        if (effect.kind === 'output') connected.write(effect.bytes);
        if (effect.kind === 'credentials') credentials.push(effect.credentials);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(`${path}.socket`, resolve));
  const child: ChildProcess = spawn(socatPath ?? 'socat', [
    `PTY,link=${path},raw,echo=0`,
    `UNIX-CONNECT:${path}.socket`,
  ]);
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await eventually('the port', () => existsSync(path) && socket !== undefined);
  return {
    path,
    credentials,
    heard: () => heard,
    print: (text) => void socket?.write(text),
    async vanish() {
      child.kill();
      await gone;
      socket?.destroy();
      server.close();
    },
  };
}

import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { BareUpdateFigures, BareUpdateJob, BareUpdateReceivers } from '../bare-update-process.ts';

export interface BareUpdate extends Omit<BareUpdateJob, 'ports'>, Omit<BareUpdateReceivers, 'sockets'> {
  readonly devices: number;
  /** In which the receiving sockets are. */
  readonly processes: number;
}

/** What it costs to send the same datagrams between bare sockets: the floor below a fleet update. */
export async function measureBareUpdate(update: BareUpdate): Promise<BareUpdateFigures> {
  const { devices, processes, datagrams, datagramBytes, perAnswer, answerBytes, atOnce } = update;
  const children: ChildProcess[] = [];
  const start = async <T>(script: string, job: BareUpdateReceivers | BareUpdateJob): Promise<T> => {
    const child = fork(fileURLToPath(new URL(script, import.meta.url)));
    children.push(child);
    return new Promise<T>((resolve, reject) => {
      child.once('message', (message) => resolve(message as T));
      child.once('exit', () => reject(new Error('the bare update ended')));
      child.send(job);
    });
  };
  try {
    const receivers = { sockets: devices / processes, datagrams, perAnswer, answerBytes };
    const started = await Promise.all(
      Array.from({ length: processes }, () =>
        start<{ ports: number[] }>('../bare-update-receiver-process.ts', receivers),
      ),
    );
    const ports = started.flatMap((receiver) => receiver.ports);
    return await start<BareUpdateFigures>('../bare-update-process.ts', { ports, datagrams, datagramBytes, atOnce });
  } finally {
    for (const child of children) child.kill();
  }
}

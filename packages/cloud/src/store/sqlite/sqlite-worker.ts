import { parentPort, workerData } from 'node:worker_threads';
import type { Reply, Request } from './sqlite-messages.ts';
import { SqliteSession } from './sqlite-session.ts';

/** The entry of the worker thread: every sync to disk happens here, never on the event loop that serves devices. */
function serve(port: NonNullable<typeof parentPort>): void {
  const answer = (reply: Reply): void => port.postMessage(reply);
  let session: SqliteSession;
  try {
    session = new SqliteSession(String(workerData.path), workerData.readOnly === true);
  } catch (error) {
    answer({ kind: 'not_opened', message: error instanceof Error ? error.message : String(error) });
    return;
  }
  port.on('message', (request: Request) => {
    if (request.kind === 'close') {
      session.close();
      port.close();
    } else {
      answer({ kind: 'results', results: session.run(request.jobs, request.mode) });
    }
  });
  answer({ kind: 'opened' });
}

if (parentPort !== null) serve(parentPort);

import { afterAll, beforeAll, expect } from 'vitest';
import { type CloudServer, startServer } from '../harness/cloud-server.ts';
import { describeRows } from './rows.ts';
import { openShells, type Shells } from './terminal.ts';

let server: CloudServer;
let shells: Shells;
beforeAll(async () => {
  [server, shells] = await Promise.all([startServer(), openShells()]);
});
afterAll(async () => {
  await Promise.all([server?.dispose(), shells?.[Symbol.asyncDispose]()]);
});

describeRows('Account', [
  {
    ids: ['CLI-02'],
    what: 'without a log-in commands end with 3 and name `chamber login`',
    async run() {
      const { chamber } = await shells.open({ apiUrl: server.url });
      const outcome = await chamber(['whoami']);
      expect(outcome).toMatchObject({ code: 3, stdout: '', stderr: expect.stringContaining('chamber login') });
    },
  },
]);

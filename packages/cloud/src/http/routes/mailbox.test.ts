import { seededEntropy } from '@cloudchamber/kernel';
import { describeStores, temporaryFolder, VirtualClock } from '@cloudchamber/testkit';
import { expect, it } from 'vitest';
import { Mailbox } from '../../domain/mail/index.ts';
import { testServer } from '../test-server.ts';
import { mailboxRouteModule } from './mailbox.ts';

const UNKNOWN = { error: 'mail_not_found', error_description: 'There is no such mail in the mailbox' };
const OFF = {
  error: 'no_mailbox',
  error_description: 'This server sends its mail over SMTP (CHAMBER_SMTP_URL), so that it keeps no mailbox',
};

describeStores('mailbox routes', (open) => {
  it('an operator lists, reads and deletes mails', async () => {
    const { path, remove } = await temporaryFolder();
    try {
      const clock = new VirtualClock();
      const mailbox = new Mailbox({ folder: path, from: 'no-reply@cloud.example', clock, entropy: seededEntropy(5) });
      const server = await testServer(await open(), { clock, routes: () => [mailboxRouteModule(mailbox)] });
      const { headers } = await server.addUser('op@example.net', { operator: true });
      const call = async (url: string, method: 'GET' | 'DELETE' = 'GET') => {
        const reply = await server.fastify.inject({ method, url: `/v1/operator/mailbox${url}`, headers });
        return [reply.statusCode, reply.json()];
      };
      expect(await call('')).toEqual([200, { mails: [], meta: { total_pages: 0 } }]);
      for (const subject of ['One', 'Two', 'Three']) {
        await mailbox.send({ to: 'ann@example.net', subject, text: `${subject} text` });
        clock.advance(1000);
      }
      const [, first] = await call('?per_page=2');
      expect(first).toEqual({
        mails: [
          { id: expect.any(String), to: 'ann@example.net', subject: 'Three', at: '2026-01-01T00:00:02.000Z' },
          { id: expect.any(String), to: 'ann@example.net', subject: 'Two', at: '2026-01-01T00:00:01.000Z' },
        ],
        meta: { total_pages: 2 },
      });
      const { id } = first.mails[0];
      expect(await call(`/${id}`)).toEqual([200, { ...first.mails[0], text: 'Three text' }]);
      expect(await call(`/${id}`, 'DELETE')).toEqual([200, { ok: true }]);
      for (const gone of [id, 'x', '..%2Fsecret', 'x'.repeat(2000)]) {
        expect(await call(`/${gone}`)).toEqual([404, UNKNOWN]);
        expect(await call(`/${gone}`, 'DELETE')).toEqual([404, UNKNOWN]);
      }
      expect((await call('?page=0'))[0]).toBe(400);
      expect((await call('?per_page=101'))[0]).toBe(400);
    } finally {
      await remove();
    }
  });

  it('says why there is none when mail goes over SMTP', async () => {
    const server = await testServer(await open(), { routes: () => [mailboxRouteModule(undefined)] });
    const { headers } = await server.addUser('op@example.net', { operator: true });
    for (const [method, url] of [
      ['GET', ''],
      ['GET', '/x'],
      ['DELETE', '/x'],
    ] as const) {
      const reply = await server.fastify.inject({ method, url: `/v1/operator/mailbox${url}`, headers });
      expect([reply.statusCode, reply.json()]).toEqual([404, OFF]);
    }
  });
});

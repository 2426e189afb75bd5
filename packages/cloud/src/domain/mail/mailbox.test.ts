import { mkdtemp, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { seededEntropy } from '@cloudchamber/kernel';
import { temporaryFolder, VirtualClock } from '@cloudchamber/testkit';
import { afterAll, describe, expect, it } from 'vitest';
import { Mailbox } from './mailbox.ts';

const mail = { to: 'ann@example.net', subject: 'Hello Ann', text: 'One\nTwo\n.\nÄnd so on' };

describe('Mailbox', async () => {
  const temporary = await temporaryFolder();
  afterAll(() => temporary.remove());

  async function setUp(most?: number) {
    const folder = join(await mkdtemp(join(temporary.path, 'box-')), 'mailbox');
    const clock = new VirtualClock();
    const options = { folder, from: 'Cloud <no-reply@cloud.example>', clock, entropy: seededEntropy(3) };
    return { folder, clock, mailbox: new Mailbox({ ...options, ...(most !== undefined && { most }) }) };
  }

  it('is empty before the first mail', async () => {
    const { mailbox } = await setUp();
    expect(await mailbox.list(1, 25)).toEqual({ mails: [], total: 0 });
  });

  it('writes a mail as an .eml file that only the owner reads', async () => {
    const { mailbox, folder, clock } = await setUp();
    await mailbox.send(mail);
    const { mails } = await mailbox.list(1, 25);
    const [entry] = mails;
    expect(mails).toEqual([
      { id: expect.stringMatching(/^\d{15}-[0-9a-f]{8}$/), to: mail.to, subject: mail.subject, at: clock.now() },
    ]);
    expect(await mailbox.get(entry?.id ?? '')).toEqual({ ...entry, text: mail.text });
    const eml = await readFile(join(folder, `${entry?.id}.eml`), 'utf8');
    expect(eml).toMatch(/^From: Cloud <no-reply@cloud\.example>\r$/m);
    expect(eml).toMatch(/^To: ann@example\.net\r$/m);
    expect(eml).toMatch(/^Subject: Hello Ann\r$/m);
    expect(eml).toMatch(/^Date: 01 Jan 2026 00:00:00 \+0000\r$/m);
    expect(eml).toMatch(/^Message-ID: <[0-9a-f]{32}@cloud\.example>\r$/m);
    for (const name of await readdir(folder)) expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
  });

  it('lists the newest first, a page at a time, and keeps so many', async () => {
    const { mailbox, folder, clock } = await setUp(5);
    for (let n = 1; n <= 8; n++) {
      clock.advance(1);
      await mailbox.send({ ...mail, subject: `mail ${n}` });
    }
    const subjects = async (page: number) => (await mailbox.list(page, 2)).mails.map((entry) => entry.subject);
    expect([await subjects(1), await subjects(2), await subjects(3), await subjects(4)]).toEqual([
      ['mail 8', 'mail 7'],
      ['mail 6', 'mail 5'],
      ['mail 4'],
      [],
    ]);
    expect((await mailbox.list(1, 2)).total).toBe(5);
    expect((await readdir(folder)).length).toBe(10);
  });

  it('many at once are all kept', async () => {
    const { mailbox } = await setUp();
    await Promise.all(Array.from({ length: 30 }, (_, n) => mailbox.send({ ...mail, subject: `mail ${n}` })));
    expect((await mailbox.list(1, 100)).mails.length).toBe(30);
  });

  it('deletes one mail, and knows no other names than its own', async () => {
    const { mailbox, folder } = await setUp();
    await mailbox.send(mail);
    await writeFile(join(folder, 'secret.json'), '{}');
    await writeFile(join(folder, '..', 'outside.json'), '{}');
    const [entry] = (await mailbox.list(1, 25)).mails;
    await mailbox.delete(entry?.id ?? '');
    const unknown = { kind: 'not_found', code: 'mail_not_found' };
    for (const id of [entry?.id ?? '', 'secret', '../outside', '', 'x'.repeat(5000)]) {
      await expect(mailbox.get(id)).rejects.toMatchObject(unknown);
      await expect(mailbox.delete(id)).rejects.toMatchObject(unknown);
    }
    expect(await readdir(folder)).toEqual(['secret.json']);
  });

  it.each([
    { to: 'ann@example.net, bob@example.net' },
    { to: 'ann@example.net\r\nBcc: bob@example.net' },
    { to: 'Ann <ann@example.net>' },
    { to: 'ann' },
    { to: `${'a'.repeat(65)}@example.net` },
    { subject: 'Hello\r\nBcc: bob@example.net' },
    { subject: 'Hello\u0000' },
    { subject: '' },
    { subject: 'x'.repeat(201) },
    { text: 'x'.repeat(100_001) },
  ])('refuses %.60j', async (change) => {
    const { mailbox } = await setUp();
    await expect(mailbox.send({ ...mail, ...change })).rejects.toMatchObject({ kind: 'invalid', code: 'invalid_mail' });
    expect((await mailbox.list(1, 25)).total).toBe(0);
  });
});

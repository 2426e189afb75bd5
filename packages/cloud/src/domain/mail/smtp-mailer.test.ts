import { createServer, type Server, type Socket } from 'node:net';
import { seededEntropy, silentLogger } from '@cloudchamber/kernel';
import { VirtualClock } from '@cloudchamber/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import { sendMail } from './send-mail.ts';
import { SmtpMailer } from './smtp-mailer.ts';

const mail = { to: 'ann@example.net', subject: 'Grüße', text: 'Eins\n.\nZwei' };

/** A mail server that takes everything (or refuses each recipient) and keeps what it was told. */
async function startSmtp(recipientReply = '250 fine') {
  const lines: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    let data = false;
    let rest = '';
    socket.write('220 test\r\n');
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      const parts = (rest + bytes.toString('utf8')).split('\r\n');
      rest = parts.pop() ?? '';
      for (const line of parts) {
        lines.push(line);
        if (data && line !== '.') continue;
        const word = line.slice(0, 4).toUpperCase();
        const reply = data
          ? '250 taken'
          : word === 'DATA'
            ? '354 go on'
            : word === 'RCPT'
              ? recipientReply
              : '250 fine';
        data = word === 'DATA' && !data;
        socket.write(`${reply}\r\n`);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const stop = (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    return closeServer(server);
  };
  return { lines, port, stop };
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}

describe('SmtpMailer', () => {
  const undo: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const step of undo.splice(0).reverse()) await step();
  });

  async function setUp(recipientReply?: string) {
    const smtp = await startSmtp(recipientReply);
    const mailer = new SmtpMailer({
      url: `smtp://127.0.0.1:${smtp.port}`,
      from: 'Cloud Chamber <no-reply@cloud.example>',
      clock: new VirtualClock(),
      entropy: seededEntropy(4),
    });
    undo.push(smtp.stop, () => mailer.close());
    return { ...smtp, mailer };
  }

  it('hands a mail to the server', async () => {
    const { mailer, lines } = await setUp();
    await mailer.send(mail);
    expect(lines).toContain('MAIL FROM:<no-reply@cloud.example>');
    expect(lines).toContain('RCPT TO:<ann@example.net>');
    expect(lines).toContain('From: Cloud Chamber <no-reply@cloud.example>');
    expect(lines).toContain('Subject: =?UTF-8?Q?Gr=C3=BC=C3=9Fe?=');
    expect(lines.slice(-4)).toEqual(['Eins', '..', 'Zwei', '.']);
  });

  it('a mail that the server refuses is unavailable, in words that tell nothing of it', async () => {
    const { mailer } = await setUp('550 no such mailbox');
    await expect(sendMail({ log: silentLogger }, mailer, mail)).rejects.toMatchObject({
      kind: 'unavailable',
      code: 'mail_unavailable',
      message: 'The mail could not be sent and nothing was changed; try again later',
    });
  });

  it('so is one for a server that is not there', async () => {
    const { mailer, stop } = await setUp();
    await stop();
    await expect(sendMail({ log: silentLogger }, mailer, mail)).rejects.toMatchObject({ code: 'mail_unavailable' });
  });

  it('an address with more headers in it reaches no server', async () => {
    const { mailer, lines } = await setUp();
    const bad = { ...mail, to: 'ann@example.net\r\nRCPT TO:<bob@example.net>' };
    await expect(sendMail({ log: silentLogger }, mailer, bad)).rejects.toMatchObject({ code: 'invalid_mail' });
    expect(lines).toEqual([]);
  });
});

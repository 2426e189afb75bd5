import { type DeviceId, seededEntropy } from '@cloudchamber/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deviceOsCredentials, streamHandshake as recorded } from '../../vectors/stream-handshake.ts';
import { generateRsa, hmacKey, hmacSha1, loadRsa, parseRsaSpki } from '../crypto/index.ts';
import { readCredentials } from './credentials.ts';
import { StreamClientHandshake } from './stream-client-handshake.ts';
import type { StreamHandshakeOutput, StreamSession } from './stream-handshake-output.ts';
import { StreamServerHandshake } from './stream-server-handshake.ts';

const hex = (text: string): Buffer => Buffer.from(text, 'hex');
const serverKey = loadRsa(hex(recorded.serverKey), 2048);
const deviceKey = loadRsa(hex(recorded.deviceKey), 1024);
const deviceId = recorded.deviceId as DeviceId;

function newServer(seed: number = recorded.serverSeed): StreamServerHandshake {
  return new StreamServerHandshake({ identities: [serverKey], entropy: seededEntropy(seed) });
}

function newClient(options: { sendKey?: boolean; serverSpki?: Uint8Array } = {}): StreamClientHandshake {
  return new StreamClientHandshake({
    deviceId,
    identity: deviceKey,
    serverSpki: serverKey.spki,
    entropy: seededEntropy(recorded.deviceSeed),
    ...options,
  });
}

const sent = (outputs: StreamHandshakeOutput[]): Buffer =>
  Buffer.concat(outputs.flatMap((output) => (output.kind === 'send' ? [output.bytes] : [])));

const session = (outputs: StreamHandshakeOutput[]): StreamSession => {
  const last = outputs.at(-1);
  if (last?.kind !== 'established') throw new Error(`not established but ${JSON.stringify(last)}`);
  return last.session;
};

const failure = (outputs: StreamHandshakeOutput[]): string | undefined => {
  const last = outputs.at(-1);
  return last?.kind === 'failed' ? last.reason : undefined;
};

describe('the handshake on TCP', () => {
  it('is the recorded one, byte for byte', () => {
    const server = newServer();
    const client = newClient();
    const nonce = sent(server.start());
    expect(nonce.toString('hex')).toBe(recorded.nonce);
    const offer = sent(client.receive(nonce));
    expect(offer.toString('hex')).toBe(recorded.offer);
    const outputs = server.receive(offer);
    expect(sent(outputs).toString('hex')).toBe(recorded.answer);
    const ends = [session(outputs), session(client.receive(sent(outputs)))] as const;
    for (const end of ends) {
      expect(end).toMatchObject({ deviceId, publicKey: deviceKey.spki, firstMessageId: recorded.firstMessageId });
    }
    const [atServer, atDevice] = ends;
    expect(atDevice.frames.seal(hex(recorded.hello)).toString('hex')).toBe(recorded.helloFrame);
    expect(atDevice.frames.seal(hex(recorded.ping)).toString('hex')).toBe(recorded.pingFrame);
    const stream = hex(recorded.helloFrame + recorded.pingFrame);
    expect([...atServer.frames.open(stream)]).toEqual([hex(recorded.hello), hex(recorded.ping)]);
    expect([server.done, client.done]).toEqual([true, true]);
  });

  it('signs the HMAC of the encrypted credentials', () => {
    const sealed = hex(recorded.answer).subarray(0, 128);
    const { message } = deviceKey.decrypt(sealed, [40], Buffer.alloc(40));
    expect(message.toString('hex')).toBe(recorded.credentials);
    expect(hmacSha1(hmacKey(message), sealed).toString('hex')).toBe(recorded.hmac);
    const signature = hex(recorded.answer).subarray(128);
    expect(parseRsaSpki(serverKey.spki, 2048).openSignature(signature).toString('hex')).toBe(recorded.hmac);
  });

  it('is made with the one of two server keys that the device holds', () => {
    const next = generateRsa(2048);
    for (const [held, sendKey] of [
      [serverKey, true],
      [next, true],
      [next, false],
    ] as const) {
      const server = new StreamServerHandshake({ identities: [serverKey, next], entropy: seededEntropy(4) });
      const client = newClient({ serverSpki: held.spki, sendKey });
      let outputs = server.receive(sent(client.receive(sent(server.start()))));
      if (!sendKey) outputs = server.useKey(deviceKey.spki);
      expect(session(outputs).serverKey).toEqual(held.spki);
      expect(session(client.receive(sent(outputs))).serverKey).toEqual(held.spki);
    }
    const server = new StreamServerHandshake({ identities: [serverKey, next], entropy: seededEntropy(4) });
    const stranger = newClient({ serverSpki: generateRsa(2048).spki });
    expect(failure(server.receive(sent(stranger.receive(sent(server.start())))))).toBe('refused');
  });

  it('counts message ids from the salt, as Device OS does', () => {
    expect(readCredentials(hex(deviceOsCredentials.credentials)).firstMessageId).toBe(
      deviceOsCredentials.firstMessageId,
    );
    expect(readCredentials(Buffer.alloc(40, 0xff)).firstMessageId).toBe(0);
  });

  it('works byte by byte', () => {
    const server = newServer();
    const client = newClient();
    const feed = (end: { receive(bytes: Uint8Array): StreamHandshakeOutput[] }, bytes: Buffer) =>
      [...bytes].flatMap((byte) => end.receive(Uint8Array.of(byte)));
    const outputs = feed(server, sent(feed(client, sent(server.start()))));
    expect(session(feed(client, sent(outputs))).firstMessageId).toBe(session(outputs).firstMessageId);
  });

  it('takes the registered key of a device that sends none', () => {
    const server = newServer();
    const client = newClient({ sendKey: false });
    const asked = server.receive(sent(client.receive(sent(server.start()))));
    expect(asked).toEqual([{ kind: 'key_wanted', deviceId }]);
    const outputs = server.useKey(deviceKey.spki);
    expect(session(client.receive(sent(outputs))).deviceId).toBe(deviceId);
    expect(session(outputs).publicKey).toEqual(deviceKey.spki);
  });

  it('fails for a device that sends no key when none or an unusable one is registered', () => {
    for (const [key, reason] of [
      [undefined, 'unknown_key'],
      [serverKey.spki, 'bad_key'],
    ] as const) {
      const server = newServer();
      server.receive(sent(newClient({ sendKey: false }).receive(sent(server.start()))));
      expect(failure(server.useKey(key))).toBe(reason);
      expect(server.useKey(deviceKey.spki)).toEqual([]);
    }
  });

  it('answers wrong padding, another length, and the answer to another nonce all the same', () => {
    const publicKey = parseRsaSpki(serverKey.spki, 2048);
    const entropy = seededEntropy(9);
    const otherNonce = sent(newClient().receive(entropy.bytes(40)));
    const oneByteShort = publicKey.encrypt(Buffer.concat([hex(recorded.nonce), entropy.bytes(173)]), entropy);
    for (const offer of [otherNonce, oneByteShort, entropy.bytes(256), Buffer.alloc(256), Buffer.alloc(256, 0xff)]) {
      const server = newServer();
      server.start();
      expect(server.receive(offer)).toEqual([{ kind: 'failed', reason: 'refused' }]);
      expect(server.receive(hex(recorded.offer))).toEqual([]);
    }
  });

  it('fails when a device says more than its part', () => {
    const server = newServer();
    server.start();
    expect(failure(server.receive(Buffer.concat([hex(recorded.offer), Buffer.of(0)])))).toBe('unexpected');
    const waiting = newServer();
    waiting.receive(sent(newClient({ sendKey: false }).receive(sent(waiting.start()))));
    expect(failure(waiting.receive(Buffer.of(0)))).toBe('unexpected');
  });

  it('shows a device that the server is another one', () => {
    const server = newServer();
    const stranger = newClient({ serverSpki: generateRsa(2048).spki });
    expect(failure(server.receive(sent(stranger.receive(sent(server.start())))))).toBe('refused');
    for (const at of [0, 127, 128, 383]) {
      const client = newClient();
      client.receive(hex(recorded.nonce));
      const answer = hex(recorded.answer);
      answer[at]! ^= 1;
      expect(failure(client.receive(answer))).toBe('bad_signature');
    }
  });

  it('ends in a session or a failure for any bytes, and says nothing after that', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 4 }),
        fc.array(fc.tuple(fc.nat(255), fc.nat(255)), { maxLength: 3 }),
        (noise, changes) => {
          const offer = hex(recorded.offer);
          for (const [at, value] of changes) offer[at] = value;
          const unchanged = offer.equals(hex(recorded.offer));
          const server = newServer();
          server.start();
          const kinds = [offer, ...noise].flatMap((piece) => server.receive(piece)).map(({ kind }) => kind);
          expect(kinds).toEqual(unchanged ? ['send', 'established'] : ['failed']);
        },
      ),
      { numRuns: 300 },
    );
  });
});

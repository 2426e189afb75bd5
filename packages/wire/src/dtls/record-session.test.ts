import { describe, expect, it } from 'vitest';
import { aeadKey, sealCcm8 } from '../crypto/aead.ts';
import { WireError } from '../wire-error.ts';
import { parseRecords, writeSequence } from './record.ts';
import { type OpenedRecord, RecordSession } from './record-session.ts';
import { sampleSecrets, sampleSessions } from './testing/sample-session.ts';

const text = Buffer.from('a message');

function open(session: RecordSession, datagram: Uint8Array): OpenedRecord {
  return session.open(datagram, parseRecords(datagram)[0]!);
}

function kindOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof WireError) return error.kind;
    throw error;
  }
  return 'no error';
}

/** A record from the client with any inner plaintext, genuine to the last byte. */
function craft(inner: Uint8Array, sequence = 0): Buffer {
  const { clientKey, clientIv, cid } = sampleSecrets();
  const counter = new Uint8Array(8);
  writeSequence(counter, 0, 1, sequence);
  const length = Buffer.from([inner.length >>> 8, inner.length]);
  const fragment = Buffer.from([(inner.length + 16) >>> 8, inner.length + 16]);
  const version = Buffer.from([0xfe, 0xfd]);
  const header = Buffer.concat([Buffer.from([25]), version, counter, cid, fragment, counter]);
  const associated = Buffer.concat([counter, Buffer.from([25]), version, cid, Buffer.from([8]), length]);
  const sealed = Buffer.alloc(inner.length + 8);
  sealCcm8(aeadKey(clientKey), Buffer.concat([clientIv, counter]), associated, inner, sealed, 0);
  return Buffer.concat([header, sealed]);
}

describe('a session with a connection id', () => {
  it('carries messages both ways', () => {
    const { client, server } = sampleSessions();
    const up = client.seal(23, text);
    expect(up[0]).toBe(25);
    expect(up).toHaveLength(37 + 16);
    expect(open(server, up)).toEqual({ type: 23, plaintext: text, newest: true });
    const down = server.seal(21, text);
    expect(down[0]).toBe(21);
    expect(down).toHaveLength(29 + text.length);
    expect(open(client, down)).toEqual({ type: 21, plaintext: text, newest: true });
  });

  it('pads to multiples of 16 with the type inside (protocol section 11)', () => {
    const { client, server } = sampleSessions();
    for (const length of [0, 1, 15, 16, 31, 32]) {
      const record = client.seal(23, Buffer.alloc(length));
      expect(record).toHaveLength(37 + 16 * Math.ceil((length + 1) / 16));
      expect(open(server, record).plaintext).toHaveLength(length);
    }
  });

  it('takes type 253 as 25, authenticated as 25', () => {
    const { client, server } = sampleSessions();
    const moved = client.seal(23, text, 253);
    expect(moved[0]).toBe(253);
    const same = Buffer.from(moved);
    same[0] = 25;
    expect(open(new RecordSession('server', sampleSecrets()), same).plaintext).toEqual(text);
    expect(open(server, moved).plaintext).toEqual(text);
  });

  it('refuses records without the id, or with another', () => {
    const { client, server } = sampleSessions();
    const bare = new RecordSession('client', sampleSecrets({ cid: new Uint8Array(0) })).seal(23, text);
    expect(kindOf(() => open(server, bare))).toBe('unauthenticated');
    const other = client.seal(23, text);
    other[18]! ^= 1;
    expect(kindOf(() => open(server, other))).toBe('unauthenticated');
    expect(kindOf(() => open(client, client.seal(23, text)))).toBe('unauthenticated');
  });

  it('refuses an inner plaintext of zeros only, of an unknown type, or too long', () => {
    const server = (): RecordSession => new RecordSession('server', sampleSecrets());
    expect(open(server(), craft(Buffer.from([1, 2, 23, 0, 0]))).plaintext).toEqual(Buffer.from([1, 2]));
    expect(open(server(), craft(Buffer.from([23]))).plaintext).toEqual(Buffer.alloc(0));
    expect(kindOf(() => open(server(), craft(Buffer.alloc(16))))).toBe('malformed');
    expect(kindOf(() => open(server(), craft(Buffer.alloc(0))))).toBe('malformed');
    for (const type of [1, 20, 24, 25, 253]) {
      expect(kindOf(() => open(server(), craft(Buffer.from([1, type]))))).toBe('unsupported');
    }
    expect(kindOf(() => open(server(), craft(Buffer.alloc(1154, 23))))).toBe('too_large');
  });
});

describe('a session without connection ids', () => {
  const changes = { cid: new Uint8Array(0) };

  it('carries messages both ways', () => {
    const { client, server } = sampleSessions(changes);
    const up = client.seal(23, text);
    expect(up).toHaveLength(29 + text.length);
    expect(open(server, up)).toEqual({ type: 23, plaintext: text, newest: true });
    expect(open(client, server.seal(22, text))).toEqual({ type: 22, plaintext: text, newest: true });
    expect(server.cid).toHaveLength(0);
  });

  it('refuses records that carry an id', () => {
    const { server } = sampleSessions(changes);
    expect(kindOf(() => open(server, sampleSessions().client.seal(23, text)))).toBe('unauthenticated');
  });

  it('authenticates the type', () => {
    const { client, server } = sampleSessions(changes);
    const record = client.seal(23, text);
    record[0] = 21;
    expect(kindOf(() => open(server, record))).toBe('unauthenticated');
    record[0] = 20;
    expect(kindOf(() => open(server, record))).toBe('unsupported');
    record[0] = 23;
    expect(open(server, record).type).toBe(23);
  });
});

describe('what is not genuine', () => {
  it('is refused at every byte, and does not move the window', () => {
    const { client, server } = sampleSessions();
    const record = client.seal(23, text);
    for (let at = 3; at < record.length; at++) {
      if (at === 19 || at === 20) continue; // the length; see the cut below
      const bent = Buffer.from(record);
      bent[at]! ^= 0x40;
      expect(
        kindOf(() => open(server, bent)),
        `byte ${at}`,
      ).toBe('unauthenticated');
    }
    expect(open(server, record)).toMatchObject({ newest: true });
  });

  it('is refused with a cut tag, or no room for one', () => {
    const { client, server } = sampleSessions();
    for (const length of [0, 8, 15, 16, 31]) {
      const cut = client.seal(23, text).subarray(0, 21 + length);
      cut.writeUInt16BE(length, 19);
      expect(kindOf(() => open(server, cut))).toBe(length < 16 ? 'truncated' : 'unauthenticated');
    }
  });

  it.each([0, 2, 257])('is refused in epoch %i', (epoch) => {
    const { client, server } = sampleSessions();
    const record = client.seal(23, text);
    record.writeUInt16BE(epoch, 3);
    expect(kindOf(() => open(server, record))).toBe('unauthenticated');
  });
});

describe('replay', () => {
  it('is refused inside the window and below it', () => {
    const { client, server } = sampleSessions();
    const records = Array.from({ length: 66 }, () => client.seal(23, text));
    expect(open(server, records[65]!).newest).toBe(true);
    expect(open(server, records[2]!).newest).toBe(false);
    expect(kindOf(() => open(server, records[1]!))).toBe('replayed');
    expect(kindOf(() => open(server, records[0]!))).toBe('replayed');
    expect(kindOf(() => open(server, records[65]!))).toBe('replayed');
    expect(kindOf(() => open(server, records[2]!))).toBe('replayed');
    expect(open(server, records[64]!).newest).toBe(false);
  });

  it('is refused after a far jump, and after storing and loading', () => {
    const { client, server } = sampleSessions();
    const early = client.seal(23, text);
    open(server, early);
    const far = new RecordSession('client', { ...client.exportSecrets(), writeSequence: 2 ** 40 }).seal(23, text);
    const restored = new RecordSession('server', server.exportSecrets());
    expect(open(restored, far).newest).toBe(true);
    expect(kindOf(() => open(new RecordSession('server', restored.exportSecrets()), far))).toBe('replayed');
    expect(kindOf(() => open(restored, early))).toBe('replayed');
  });
});

describe('limits', () => {
  it('takes 1152 bytes and no more', () => {
    for (const changes of [{}, { cid: new Uint8Array(0) }]) {
      const { client, server } = sampleSessions(changes);
      expect(open(server, client.seal(23, Buffer.alloc(1152, 7))).plaintext).toHaveLength(1152);
      expect(open(client, server.seal(23, Buffer.alloc(1152, 7))).plaintext).toHaveLength(1152);
      expect(kindOf(() => client.seal(23, Buffer.alloc(1153)))).toBe('too_large');
      expect(kindOf(() => server.seal(23, Buffer.alloc(1153)))).toBe('too_large');
      expect(client.writeSequence).toBe(1);
    }
  });

  it('seals the last sequence number and none after it', () => {
    const { client, server } = sampleSessions({ writeSequence: 2 ** 48 - 1 });
    const last = client.seal(23, text);
    expect(parseRecords(last)[0]?.sequence).toBe(2 ** 48 - 1);
    expect(open(server, last).plaintext).toEqual(text);
    expect(kindOf(() => client.seal(23, text))).toBe('too_large');
    expect(kindOf(() => client.seal(23, text))).toBe('too_large');
  });

  it('refuses secrets of the wrong length', () => {
    for (const changes of [{ cid: Buffer.alloc(7) }, { clientKey: Buffer.alloc(32) }, { peerSpki: Buffer.alloc(0) }]) {
      expect(kindOf(() => new RecordSession('server', sampleSecrets(changes)))).toBe('malformed');
    }
  });
});

it('goes on where it was after export, and after cooling down', () => {
  const { client, server } = sampleSessions();
  open(server, client.seal(23, text));
  server.seal(23, text);
  const copy = new RecordSession('server', server.exportSecrets());
  expect(copy.exportSecrets()).toEqual(server.exportSecrets());
  expect(copy.writeSequence).toBe(1);
  expect(copy.cid).toEqual(Uint8Array.from(sampleSecrets().cid));
  expect(copy.peerSpki).toEqual(Uint8Array.from(sampleSecrets().peerSpki));
  copy.coolDown();
  client.coolDown();
  expect(open(copy, client.seal(23, text)).plaintext).toEqual(text);
  expect(open(client, copy.seal(23, text)).plaintext).toEqual(text);
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HandshakeFragment } from './handshake/fragment.ts';
import { HandshakeInbox, MAX_AHEAD, MAX_MESSAGE } from './handshake-inbox.ts';

function piece(messageSeq: number, whole: Uint8Array, from = 0, to = whole.length, type = 11): HandshakeFragment {
  return { type, length: whole.length, messageSeq, offset: from, body: whole.subarray(from, to) };
}

const text = Buffer.from('0123456789abcdef');

describe('HandshakeInbox', () => {
  it('gives messages in order, as they are in transcripts', () => {
    const inbox = new HandshakeInbox(4);
    inbox.accept(piece(5, text));
    expect(inbox.take()).toBeUndefined();
    inbox.accept(piece(4, Buffer.alloc(0), 0, 0, 14));
    expect(inbox.take()).toMatchObject({ type: 14, messageSeq: 4, body: Buffer.alloc(0) });
    expect(inbox.take()?.bytes.toString()).toBe(
      Buffer.concat([Buffer.from('0b0000100005000000000010', 'hex'), text]).toString(),
    );
    expect(inbox.next).toBe(6);
    expect(inbox.take()).toBeUndefined();
  });

  it('copies what it keeps', () => {
    const inbox = new HandshakeInbox(0);
    const bytes = Buffer.from(text);
    inbox.accept(piece(0, bytes));
    bytes.fill(0);
    expect(inbox.take()?.body).toEqual(text);
  });

  it('puts fragments together in any order, overlapping or twice', () => {
    const cut = fc
      .tuple(fc.nat(text.length), fc.nat(text.length))
      .map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
    fc.assert(
      fc.property(fc.array(cut, { maxLength: 20 }), (cuts) => {
        const inbox = new HandshakeInbox(0);
        for (const [from, to] of cuts) inbox.accept(piece(0, text, from, to));
        const covered = [...text.keys()].every((at) => cuts.some(([from, to]) => from <= at && at < to));
        expect(inbox.take()?.body.toString()).toBe(covered ? text.toString() : undefined);
      }),
    );
  });

  it('refuses a fragment at odds with one it has', () => {
    const inbox = new HandshakeInbox(0);
    inbox.accept(piece(0, text, 0, 8));
    const other = Buffer.from(text);
    other[7] = 0;
    inbox.accept(piece(0, other, 4, 16));
    inbox.accept(piece(0, text, 8, 16, 12));
    inbox.accept(piece(0, Buffer.concat([text, text]), 8, 32));
    expect(inbox.take()).toBeUndefined();
    inbox.accept(piece(0, text, 8, 16));
    expect(inbox.take()?.body).toEqual(text);
  });

  it('keeps the first of two whole messages', () => {
    const inbox = new HandshakeInbox(0);
    inbox.accept(piece(0, text));
    inbox.accept(piece(0, Buffer.alloc(16)));
    expect(inbox.take()?.body).toEqual(text);
  });

  it('ignores what is old, far ahead or too long', () => {
    const inbox = new HandshakeInbox(3);
    inbox.accept(piece(2, text));
    inbox.accept(piece(3 + MAX_AHEAD, text));
    inbox.accept(piece(3, Buffer.alloc(MAX_MESSAGE + 1), 0, 1));
    inbox.accept(piece(3, text, 4, 4));
    expect(inbox.heldBytes).toBe(0);
  });

  it('never holds more than 16 KB and headers', () => {
    const fragment = fc.record({
      type: fc.nat(255),
      length: fc.nat(4096),
      messageSeq: fc.nat(40),
      offset: fc.nat(4096),
      body: fc.uint8Array({ maxLength: 40 }),
    });
    fc.assert(
      fc.property(fc.array(fragment, { maxLength: 60 }), (fragments) => {
        const inbox = new HandshakeInbox(3);
        for (const one of fragments) {
          if (one.offset + one.body.length <= one.length) inbox.accept(one);
          expect(inbox.heldBytes).toBeLessThanOrEqual(MAX_AHEAD * (MAX_MESSAGE + 12));
        }
      }),
    );
  });
});

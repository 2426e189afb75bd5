import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { movedDatagram } from './moved-device.ts';
import { parseRecords } from './record.ts';
import { RecordSession, type SessionSecrets } from './record-session.ts';

const secrets: SessionSecrets = {
  cid: new Uint8Array(0),
  clientKey: new Uint8Array(16).fill(1),
  serverKey: new Uint8Array(16).fill(2),
  clientIv: new Uint8Array(4).fill(3),
  serverIv: new Uint8Array(4).fill(4),
  peerSpki: new Uint8Array(91),
  readTop: -1,
  readWindow: [0, 0],
  writeSequence: 7,
};
const ID = '0a10aced0000000000000001';

/** As Device OS 1.5 does it: the type is changed after sealing, the trailer lies outside the record's length. */
function moved(record: Uint8Array, id = ID): Buffer {
  const datagram = Buffer.concat([record, Buffer.from(id, 'hex'), Uint8Array.of(12)]);
  datagram[0] = 254;
  return datagram;
}

describe('movedDatagram', () => {
  it('gives back the record as it was sealed, and whose it is', () => {
    const record = new RecordSession('client', secrets).seal(23, Buffer.from('@\0\0\x01', 'latin1'));
    const datagram = moved(record);
    const taken = movedDatagram(datagram)!;
    expect(taken.deviceId).toBe(ID);
    const [view] = parseRecords(taken.datagram);
    const opened = new RecordSession('server', secrets).open(taken.datagram, view!);
    expect(opened).toMatchObject({ type: 23, newest: true });
    expect(Buffer.from(opened.plaintext).toString('hex')).toBe('40000001');
    expect(datagram[0]).toBe(254);
  });

  it('takes nothing else for one', () => {
    const record = new RecordSession('client', secrets).seal(23, Uint8Array.of(1));
    expect(movedDatagram(record)).toBeUndefined();
    const otherLength = moved(record);
    otherLength[otherLength.length - 1] = 11;
    expect(movedDatagram(otherLength)).toBeUndefined();
    expect(movedDatagram(moved(record.subarray(0, 12)))).toBeUndefined();
  });

  it('never throws, whatever comes', () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => void movedDatagram(Uint8Array.of(254, ...bytes))));
  });
});

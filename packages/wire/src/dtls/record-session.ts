import { type AeadKey, aeadKey, CCM_TAG_LENGTH, openCcm8, sealCcm8 } from '../crypto/aead.ts';
import { SPKI_LENGTH } from '../crypto/spki.ts';
import { WireError } from '../wire-error.ts';
import {
  CID_HEADER_LENGTH,
  CID_LENGTH,
  ContentType,
  carriesCid,
  DTLS_1_2,
  MAX_PLAINTEXT,
  MAX_SEQUENCE,
  RECORD_HEADER_LENGTH,
  type RecordView,
  writeRecordHeader,
  writeSequence,
} from './record.ts';
import { ReplayWindow } from './replay-window.ts';

/** Everything that outlives a process about an association, as plain data. The keys and IVs are secret. */
export interface SessionSecrets {
  /** The server's connection id: 8 bytes, or none for Device OS before 3.1. */
  readonly cid: Uint8Array;
  readonly clientKey: Uint8Array;
  readonly serverKey: Uint8Array;
  readonly clientIv: Uint8Array;
  readonly serverIv: Uint8Array;
  /** The key that the peer has proved to own, 91 bytes. */
  readonly peerSpki: Uint8Array;
  /** Highest sequence number accepted, -1 for none. */
  readonly readTop: number;
  /** Which of the 64 numbers up to `readTop` were accepted: two unsigned 32-bit numbers, bit 0 of the second is `readTop`. */
  readonly readWindow: readonly [high: number, low: number];
  /** The sequence number of the next record sent. It must never go back for the same keys. */
  readonly writeSequence: number;
}

/** What was inside a record. */
export interface OpenedRecord {
  /** The real type: 21, 22 or 23. */
  readonly type: number;
  /** In a buffer of its own. */
  readonly plaintext: Uint8Array;
  /** Newer than every record before: the peer's address may follow it (protocol section 1.9). */
  readonly newest: boolean;
}

export type DtlsRole = 'client' | 'server';

const EPOCH = 1;
const KEY_LENGTH = 16;
const SALT_LENGTH = 4;
const EXPLICIT_NONCE_LENGTH = 8;
const PADDING_MULTIPLE = 16;
const OVERHEAD = EXPLICIT_NONCE_LENGTH + CCM_TAG_LENGTH;
/** The content of 1152 bytes, its type, and zeros up to a multiple of 16. */
const MAX_INNER = MAX_PLAINTEXT + PADDING_MULTIPLE;
const CLAUSE = 'protocol section 1.4';
const NO_CID = new Uint8Array(0);

// Where each secret lies in the one buffer that a session keeps: 131 bytes, 139 with a connection id.
const CLIENT_KEY = 0;
const SERVER_KEY = CLIENT_KEY + KEY_LENGTH;
const CLIENT_IV = SERVER_KEY + KEY_LENGTH;
const SERVER_IV = CLIENT_IV + SALT_LENGTH;
const PEER_SPKI = SERVER_IV + SALT_LENGTH;
const CID = PEER_SPKI + SPKI_LENGTH;

// Everything here runs to its end before the next call begins, so one set of scratch buffers serves all sessions.
const nonce = new Uint8Array(SALT_LENGTH + EXPLICIT_NONCE_LENGTH);
const plainAad = new Uint8Array(13);
const cidAad = new Uint8Array(22);
const inner = new Uint8Array(MAX_INNER);

/**
 * An established association: epoch 1 in both directions, with AES-128-CCM-8, connection ids as in draft 05 and a replay window of
 * 64 records (protocol section 1.4). Idle it keeps one small buffer; keys are expanded on use and dropped by `coolDown`.
 */
export class RecordSession {
  readonly #server: boolean;
  readonly #secrets: Uint8Array;
  readonly #window: ReplayWindow;
  #writeSequence: number;
  #readKey: AeadKey | undefined;
  #writeKey: AeadKey | undefined;

  /** The secrets are copied. @throws WireError `malformed` when one has the wrong length */
  constructor(role: DtlsRole, secrets: SessionSecrets) {
    this.#server = role === 'server';
    this.#secrets = pack(secrets);
    this.#window = new ReplayWindow(secrets.readTop, secrets.readWindow);
    this.#writeSequence = secrets.writeSequence;
  }

  /** The server's connection id: 8 bytes, or none when the device offered no connection ids. */
  get cid(): Uint8Array {
    return this.#secrets.subarray(CID);
  }

  /** The public key that the peer has proved to own, 91 bytes of SPKI. */
  get peerSpki(): Uint8Array {
    return this.#secrets.subarray(PEER_SPKI, CID);
  }

  /** The highest sequence number accepted, -1 before the first. */
  get readTop(): number {
    return this.#window.top;
  }

  /** Which of the 64 numbers up to `readTop` were accepted, as in `SessionSecrets`. */
  get readWindow(): readonly [high: number, low: number] {
    return this.#window.bits;
  }

  /** The sequence number of the next record sent; a server keeps its stored ceiling above it (protocol section 1.9). */
  get writeSequence(): number {
    return this.#writeSequence;
  }

  /**
   * Checks and decrypts one record of `datagram`. The replay window moves only when the tag was right.
   * @throws WireError `unauthenticated` (wrong epoch, connection id or tag), `replayed`, `malformed` (no content type inside),
   *   `unsupported` (a type that has no place here), `too_large` (over 1152 bytes of content), `truncated`
   */
  open(datagram: Uint8Array, record: RecordView): OpenedRecord {
    this.#checkOutside(record);
    if (!this.#window.admits(record.sequence)) {
      throw new WireError(
        'replayed',
        `sequence ${record.sequence} was seen or is too old`,
        'RFC 6347 4.1.2.6',
        record.start,
      );
    }
    const length = record.end - record.fragmentStart - OVERHEAD;
    if (length < 0) throw new WireError('truncated', 'no room for nonce and tag', CLAUSE, record.fragmentStart);
    const sealedAt = record.fragmentStart + EXPLICIT_NONCE_LENGTH;
    this.#setNonce(!this.#server, datagram.subarray(record.fragmentStart, sealedAt));
    const aad = this.#aad(record.type, record.sequence, length);
    this.#readKey ??= this.#expandKey(!this.#server);
    const plaintext = openCcm8(this.#readKey, nonce, aad, datagram.subarray(sealedAt, record.end));
    const newest = record.sequence > this.#window.top;
    this.#window.mark(record.sequence);
    return record.cid === undefined ? outer(record, plaintext, newest) : unwrap(record, plaintext, newest);
  }

  /**
   * The next record with `plaintext` inside, ready to send.
   * @param type 21, 22 or 23
   * @param recordType 25, or 253 while a resumed client has not heard from the server (protocol section 1.5); only for a client
   *   with a connection id
   * @throws WireError `too_large` over 1152 bytes or when the 2^48 sequence numbers are used up
   */
  seal(type: number, plaintext: Uint8Array, recordType: number = ContentType.CONNECTION_ID): Buffer {
    if (plaintext.length > MAX_PLAINTEXT) {
      throw new WireError('too_large', `plaintext of ${plaintext.length} bytes`, 'protocol section 1.1');
    }
    const sequence = this.#writeSequence;
    if (sequence > MAX_SEQUENCE) throw new WireError('too_large', 'sequence numbers are used up', 'RFC 6347 4.1');
    const withCid = !this.#server && this.#secrets.length > CID;
    const content = withCid ? wrap(type, plaintext) : plaintext;
    const headerLength = withCid ? CID_HEADER_LENGTH : RECORD_HEADER_LENGTH;
    const record = Buffer.allocUnsafe(headerLength + OVERHEAD + content.length);
    const wireType = withCid ? recordType : type;
    writeRecordHeader(record, wireType, EPOCH, sequence, withCid ? this.cid : NO_CID, OVERHEAD + content.length);
    writeSequence(record, headerLength, EPOCH, sequence);
    this.#setNonce(this.#server, record.subarray(headerLength, headerLength + EXPLICIT_NONCE_LENGTH));
    const aad = this.#aad(wireType, sequence, content.length);
    this.#writeKey ??= this.#expandKey(this.#server);
    // Counted before the key is used: a nonce is never tried twice, even if sealing should throw.
    this.#writeSequence = sequence + 1;
    sealCcm8(this.#writeKey, nonce, aad, content, record, headerLength + EXPLICIT_NONCE_LENGTH);
    return record;
  }

  /** A copy of what a later process needs to continue this association. */
  exportSecrets(): SessionSecrets {
    const slice = (start: number, length: number): Uint8Array => this.#secrets.slice(start, start + length);
    return {
      cid: this.#secrets.slice(CID),
      clientKey: slice(CLIENT_KEY, KEY_LENGTH),
      serverKey: slice(SERVER_KEY, KEY_LENGTH),
      clientIv: slice(CLIENT_IV, SALT_LENGTH),
      serverIv: slice(SERVER_IV, SALT_LENGTH),
      peerSpki: slice(PEER_SPKI, SPKI_LENGTH),
      readTop: this.#window.top,
      readWindow: this.#window.bits,
      writeSequence: this.#writeSequence,
    };
  }

  /** Drops the expanded keys, about 2.4 KB; the next use makes them again. */
  coolDown(): void {
    this.#readKey = undefined;
    this.#writeKey = undefined;
  }

  #checkOutside(record: RecordView): void {
    if (record.epoch !== EPOCH) throw new WireError('unauthenticated', `epoch ${record.epoch}`, CLAUSE, record.start);
    const expectsCid = this.#server && this.#secrets.length > CID;
    if (expectsCid !== carriesCid(record.type) || (record.cid !== undefined && !this.#ownsCid(record.cid))) {
      throw new WireError('unauthenticated', 'another connection id', CLAUSE, record.start);
    }
    if (record.type === ContentType.CHANGE_CIPHER_SPEC) {
      throw new WireError('unsupported', 'change_cipher_spec after the handshake', 'RFC 5246 7.1', record.start);
    }
  }

  #ownsCid(cid: Uint8Array): boolean {
    for (let at = 0; at < CID_LENGTH; at++) if (cid[at] !== this.#secrets[CID + at]) return false;
    return true;
  }

  /** @param ofServer whose records: each side writes with its own key and salt */
  #expandKey(ofServer: boolean): AeadKey {
    const at = ofServer ? SERVER_KEY : CLIENT_KEY;
    return aeadKey(this.#secrets.subarray(at, at + KEY_LENGTH));
  }

  #setNonce(ofServer: boolean, explicit: Uint8Array): void {
    const at = ofServer ? SERVER_IV : CLIENT_IV;
    for (let index = 0; index < SALT_LENGTH; index++) nonce[index] = this.#secrets[at + index] as number;
    nonce.set(explicit, SALT_LENGTH);
  }

  /** Type 253 is authenticated as 25: the device changes the byte after sealing (protocol section 1.5). */
  #aad(type: number, sequence: number, length: number): Uint8Array {
    const withCid = carriesCid(type);
    const aad = withCid ? cidAad : plainAad;
    writeSequence(aad, 0, EPOCH, sequence);
    aad[8] = withCid ? ContentType.CONNECTION_ID : type;
    aad[9] = DTLS_1_2 >>> 8;
    aad[10] = DTLS_1_2 & 0xff;
    if (withCid) {
      for (let at = 0; at < CID_LENGTH; at++) aad[11 + at] = this.#secrets[CID + at] as number;
      aad[19] = CID_LENGTH;
    }
    aad[aad.length - 2] = length >>> 8;
    aad[aad.length - 1] = length;
    return aad;
  }
}

function pack(secrets: SessionSecrets): Uint8Array {
  const { clientKey, serverKey, clientIv, serverIv, peerSpki, cid } = secrets;
  const sound =
    clientKey.length === KEY_LENGTH &&
    serverKey.length === KEY_LENGTH &&
    clientIv.length === SALT_LENGTH &&
    serverIv.length === SALT_LENGTH &&
    peerSpki.length === SPKI_LENGTH &&
    (cid.length === CID_LENGTH || cid.length === 0);
  if (!sound) throw new WireError('malformed', 'session secrets of the wrong length', CLAUSE);
  const packed = new Uint8Array(CID + cid.length);
  packed.set(clientKey, CLIENT_KEY);
  packed.set(serverKey, SERVER_KEY);
  packed.set(clientIv, CLIENT_IV);
  packed.set(serverIv, SERVER_IV);
  packed.set(peerSpki, PEER_SPKI);
  packed.set(cid, CID);
  return packed;
}

function outer(record: RecordView, plaintext: Uint8Array, newest: boolean): OpenedRecord {
  if (plaintext.length > MAX_PLAINTEXT) throw tooLarge(plaintext.length, record);
  return { type: record.type, plaintext, newest };
}

/** Content ‖ type ‖ zeros to a multiple of 16, in the scratch buffer. */
function wrap(type: number, plaintext: Uint8Array): Uint8Array {
  const length = Math.ceil((plaintext.length + 1) / PADDING_MULTIPLE) * PADDING_MULTIPLE;
  inner.set(plaintext);
  inner[plaintext.length] = type;
  inner.fill(0, plaintext.length + 1, length);
  return inner.subarray(0, length);
}

function unwrap(record: RecordView, padded: Uint8Array, newest: boolean): OpenedRecord {
  let at = padded.length - 1;
  while (at >= 0 && padded[at] === 0) at--;
  const type = padded[at];
  if (type === undefined) throw new WireError('malformed', 'no content type inside', CLAUSE, record.fragmentStart);
  if (type < ContentType.ALERT || type > ContentType.APPLICATION_DATA) {
    throw new WireError('unsupported', `content type ${type} inside`, CLAUSE, record.fragmentStart);
  }
  if (at > MAX_PLAINTEXT) throw tooLarge(at, record);
  return { type, plaintext: padded.subarray(0, at), newest };
}

function tooLarge(length: number, record: RecordView): WireError {
  return new WireError('too_large', `plaintext of ${length} bytes`, 'protocol section 1.1', record.fragmentStart);
}

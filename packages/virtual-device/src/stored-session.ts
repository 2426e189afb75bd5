import { ByteReader, BytesError, ByteWriter } from '@cloudchamber/kernel';
import { CID_LENGTH, type SessionSecrets } from '@cloudchamber/wire';
import { NO_DIGEST } from './digest.ts';
import type { SessionStorage } from './session-storage.ts';

/** What a device remembers of a session besides its keys (protocol section 1.7). */
export interface SessionProgress {
  /** Resumes in a row without any application data from the server. */
  resumes: number;
  nextMessageId: number;
  /** Digests of what the server acknowledged last. */
  systemDigest: string;
  applicationDigest: string;
  subscriptionsDigest: string;
}

export interface StoredSession {
  readonly secrets: SessionSecrets;
  readonly progress: SessionProgress;
}

/** Resumes in a row without an answer after which a session is given up (protocol section 1.7). */
const MAX_RESUMES = 3;

const VERSION = 1;
const DIGEST_BYTES = 8;
const KEY_BYTES = 16;
const SALT_BYTES = 4;
const SPKI_BYTES = 91;
/**
 * A loaded session goes on this many records later. After a power cut the last counters may never have reached the disk, and a record number that is used
 * twice gives its content away.
 */
const SEQUENCE_JUMP = 0x10000;

/** The progress of a session that has just begun: its first message has id 1 (protocol section 3.1). */
export function newProgress(): SessionProgress {
  return {
    resumes: 0,
    nextMessageId: 1,
    systemDigest: NO_DIGEST,
    applicationDigest: NO_DIGEST,
    subscriptionsDigest: NO_DIGEST,
  };
}

/** @param binding digest of everything that has to be the same when the session is resumed: keys, server address, device */
export function encodeSession(binding: string, secrets: SessionSecrets, progress: SessionProgress): Buffer {
  const cid = new Uint8Array(CID_LENGTH);
  cid.set(secrets.cid);
  return new ByteWriter(256)
    .u8(VERSION)
    .bytes(Buffer.from(binding, 'hex'))
    .u8(secrets.cid.length)
    .bytes(cid)
    .bytes(secrets.clientKey)
    .bytes(secrets.serverKey)
    .bytes(secrets.clientIv)
    .bytes(secrets.serverIv)
    .bytes(secrets.peerSpki)
    .u48(secrets.readTop + 1)
    .u32(secrets.readWindow[0])
    .u32(secrets.readWindow[1])
    .u48(secrets.writeSequence)
    .u8(progress.resumes)
    .u16(progress.nextMessageId)
    .bytes(Buffer.from(progress.systemDigest, 'hex'))
    .bytes(Buffer.from(progress.applicationDigest, 'hex'))
    .bytes(Buffer.from(progress.subscriptionsDigest, 'hex'))
    .finish();
}

/** The stored session, or undefined when it may not be resumed: another binding or form, or three resumes in a row without an answer (protocol section 1.7). */
export function decodeSession(binding: string, bytes: Uint8Array): StoredSession | undefined {
  try {
    const stored = read(binding, new ByteReader(bytes));
    return stored === undefined || stored.progress.resumes >= MAX_RESUMES ? undefined : stored;
  } catch (error) {
    if (error instanceof BytesError) return undefined;
    throw error;
  }
}

/** The session to resume, if there is one that may be resumed; one that may not is erased. */
export function loadSession(storage: SessionStorage, binding: string): StoredSession | undefined {
  const bytes = storage.load();
  const stored = bytes && decodeSession(binding, bytes);
  if (bytes !== undefined && stored === undefined) storage.erase();
  return stored;
}

function read(binding: string, reader: ByteReader): StoredSession | undefined {
  if (reader.u8() !== VERSION || readDigest(reader) !== binding) return undefined;
  const cidLength = reader.u8();
  if (cidLength !== 0 && cidLength !== CID_LENGTH) return undefined;
  const cid = reader.bytes(CID_LENGTH).slice(0, cidLength);
  const secrets: SessionSecrets = {
    cid,
    clientKey: reader.bytes(KEY_BYTES),
    serverKey: reader.bytes(KEY_BYTES),
    clientIv: reader.bytes(SALT_BYTES),
    serverIv: reader.bytes(SALT_BYTES),
    peerSpki: reader.bytes(SPKI_BYTES),
    readTop: reader.u48() - 1,
    readWindow: [reader.u32(), reader.u32()],
    writeSequence: reader.u48() + SEQUENCE_JUMP,
  };
  const progress: SessionProgress = {
    resumes: reader.u8(),
    nextMessageId: reader.u16(),
    systemDigest: readDigest(reader),
    applicationDigest: readDigest(reader),
    subscriptionsDigest: readDigest(reader),
  };
  reader.expectEnd();
  return { secrets, progress };
}

function readDigest(reader: ByteReader): string {
  return Buffer.from(reader.bytes(DIGEST_BYTES)).toString('hex');
}

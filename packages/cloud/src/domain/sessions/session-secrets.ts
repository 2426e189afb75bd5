import type { SessionKeys } from '@cloudchamber/gateway';
import { ByteReader, ByteWriter } from '@cloudchamber/kernel';
import { CID_LENGTH } from '@cloudchamber/wire';

const KEY_LENGTH = 16;
const SALT_LENGTH = 4;

/** What is sealed of a session: both keys, both IVs and the connection id, 40 or 48 bytes. */
export function packSecrets(keys: SessionKeys): Uint8Array {
  const { clientKey, serverKey, clientIv, serverIv, cid } = keys;
  return new ByteWriter(64).bytes(clientKey).bytes(serverKey).bytes(clientIv).bytes(serverIv).bytes(cid).finish();
}

/** @param peerSpki the device's public key, which is stored in the clear @throws BytesError when the secrets have another length */
export function unpackSecrets(secrets: Uint8Array, peerSpki: Uint8Array): SessionKeys {
  const reader = new ByteReader(new Uint8Array(secrets));
  const clientKey = reader.bytes(KEY_LENGTH);
  const serverKey = reader.bytes(KEY_LENGTH);
  const clientIv = reader.bytes(SALT_LENGTH);
  const serverIv = reader.bytes(SALT_LENGTH);
  const cid = reader.bytes(reader.remaining === 0 ? 0 : CID_LENGTH);
  reader.expectEnd();
  return { cid, clientKey, serverKey, clientIv, serverIv, peerSpki };
}

import { generateKeyPairSync, sign } from 'node:crypto';

/** DER tags, X.690. */
const [INTEGER, BIT_STRING, OCTET_STRING, OBJECT_ID, UTF8, UTC_TIME] = [0x02, 0x03, 0x04, 0x06, 0x0c, 0x17];
const [SEQUENCE, SET] = [0x30, 0x31];
const [DNS_NAME, VERSION, EXTENSIONS] = [0x82, 0xa0, 0xa3];

function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

const oid = (hex: string): Buffer => der(OBJECT_ID, Buffer.from(hex, 'hex'));
const text = (tag: number, value: string): Buffer => der(tag, Buffer.from(value, 'ascii'));
const ECDSA_SHA256 = der(SEQUENCE, oid('2a8648ce3d040302'));

/**
 * A certificate (RFC 5280) that vouches for itself, with its key; both PEM, as `node:tls` takes them.
 * @param name its common name and its only alternative name
 * @param until when it ends, `YYMMDDHHMMSSZ`
 */
export function selfSignedCertificate(name: string, until = '491231235959Z'): { key: string; cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const subject = der(SEQUENCE, der(SET, der(SEQUENCE, oid('550403'), text(UTF8, name))));
  const names = der(SEQUENCE, oid('551d11'), der(OCTET_STRING, der(SEQUENCE, text(DNS_NAME, name))));
  const body = der(
    SEQUENCE,
    der(VERSION, der(INTEGER, Buffer.from([2]))),
    der(INTEGER, Buffer.from([1])),
    ECDSA_SHA256,
    subject,
    der(SEQUENCE, text(UTC_TIME, '200101000000Z'), text(UTC_TIME, until)),
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(EXTENSIONS, der(SEQUENCE, names)),
  );
  const signature = der(BIT_STRING, Buffer.from([0]), sign('sha256', body, privateKey));
  const lines =
    der(SEQUENCE, body, ECDSA_SHA256, signature)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n'),
  };
}

const LINE = 64;

/** A public key as PEM text. @param spki DER SubjectPublicKeyInfo */
export function publicKeyPem(spki: Uint8Array): string {
  const base64 = Buffer.from(spki).toString('base64');
  const lines = base64.match(new RegExp(`.{1,${LINE}}`, 'g')) ?? [];
  return ['-----BEGIN PUBLIC KEY-----', ...lines, '-----END PUBLIC KEY-----', ''].join('\n');
}

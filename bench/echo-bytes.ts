import { createCipheriv, createSecretKey } from 'node:crypto';

/** A record of a device with connection id: header and explicit nonce, sealed content padded to a multiple of 16, tag (protocol section 1.4). */
export const ECHO_HEADER = 29;
export const ECHO_CONTENT = 96;
export const ECHO_TAG = 8;
export const ECHO_KEY = Buffer.alloc(16, 7);
export const ECHO_NONCE = Buffer.alloc(12, 3);

/** What the load sends to the echo: as many bytes as a publish takes. */
export function echoDatagram(): Buffer {
  const cipher = createCipheriv('aes-128-ccm', createSecretKey(ECHO_KEY), ECHO_NONCE, { authTagLength: ECHO_TAG });
  cipher.setAAD(Buffer.alloc(22), { plaintextLength: ECHO_CONTENT });
  const sealed = cipher.update(Buffer.alloc(ECHO_CONTENT, 'x'));
  cipher.final();
  return Buffer.concat([Buffer.alloc(ECHO_HEADER), sealed, cipher.getAuthTag()]);
}

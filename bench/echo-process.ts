// The machine's own limit: a bare UDP echo that opens and seals the same bytes as a publish and its ACK, and does nothing else.
import { createCipheriv, createDecipheriv, createSecretKey } from 'node:crypto';
import { createSocket } from 'node:dgram';

import { ECHO_HEADER, ECHO_KEY, ECHO_NONCE, ECHO_TAG } from './echo-bytes.ts';

const key = createSecretKey(ECHO_KEY);
const nonce = ECHO_NONCE;
const aadIn = Buffer.alloc(22);
const aadOut = Buffer.alloc(13);
const tagLength = { authTagLength: 8 } as const;

const socket = createSocket({
  type: 'udp4',
  recvBufferSize: 4 << 20,
  lookup: (address, _options, done) => done(null, address, 4),
});
socket.on('message', (bytes, peer) => {
  const decipher = createDecipheriv('aes-128-ccm', key, nonce, tagLength);
  const tagAt = bytes.length - ECHO_TAG;
  decipher.setAuthTag(bytes.subarray(tagAt));
  decipher.setAAD(aadIn, { plaintextLength: tagAt - ECHO_HEADER });
  const plaintext = decipher.update(bytes.subarray(ECHO_HEADER, tagAt));
  decipher.final();
  const cipher = createCipheriv('aes-128-ccm', key, nonce, tagLength);
  cipher.setAAD(aadOut, { plaintextLength: 4 });
  const sealed = cipher.update(plaintext.subarray(0, 4));
  cipher.final();
  const record = Buffer.allocUnsafe(33);
  sealed.copy(record, 21);
  cipher.getAuthTag().copy(record, 25);
  socket.send(record, peer.port, peer.address);
});
socket.bind(0, '127.0.0.1', () => process.send?.({ port: socket.address().port }));
process.on('message', () => process.send?.({ cpu: process.cpuUsage() }));

export { ensureServerKey, type ServerKeyContext } from './ensure-server-key.ts';
export { publicKeyPem } from './public-key-pem.ts';

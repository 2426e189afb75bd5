export { ensureServerKey } from './ensure-server-key.ts';
export { publicKeyPem } from './public-key-pem.ts';

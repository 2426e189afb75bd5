export { type ListedServerKey, listServerKeys } from './list-server-keys.ts';
export { publicKeyPem } from './public-key-pem.ts';
export { retireServerKey } from './retire-server-key.ts';
export { rotateServerKey } from './rotate-server-key.ts';
export { keyFingerprint, type ServerKeyAlgorithm } from './server-key.ts';
export { serverKeyFile } from './server-key-file.ts';
export { ServerKeyRing } from './server-key-ring.ts';

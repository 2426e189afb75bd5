export type { ServerAddress } from './server-address.ts';
export {
  decodeServerAddress,
  encodeServerAddress,
  isServerHost,
  SERVER_ADDRESS_LENGTH,
} from './server-address.ts';
export type { ServerKeyFile } from './server-key-file.ts';
export { decodeServerKeyFile, encodeServerKeyFile } from './server-key-file.ts';

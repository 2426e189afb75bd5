export { AesFrames, MAX_FRAME_MESSAGE } from './aes-frames.ts';
export { StreamClientHandshake } from './stream-client-handshake.ts';
export type { StreamHandshakeFailure, StreamHandshakeOutput, StreamSession } from './stream-handshake-output.ts';
export { type OfferedPeer, StreamServerHandshake } from './stream-server-handshake.ts';

export { LISTENING_BOARDS } from './boards.ts';
export type { ListeningBoard } from './listening-board.ts';
export type { ListeningEffect } from './listening-mode.ts';
export { ListeningMode } from './listening-mode.ts';
export type { SeenNetwork, WifiCredentials } from './wifi-credentials.ts';
export { WifiCipher, WifiSecurity } from './wifi-credentials.ts';

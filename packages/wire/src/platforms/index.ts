export type { Platform } from './platforms.ts';
export { findPlatform, isCellular, platforms } from './platforms.ts';

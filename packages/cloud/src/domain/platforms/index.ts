export { findPlatform, isCellular, platforms } from './platforms.ts';

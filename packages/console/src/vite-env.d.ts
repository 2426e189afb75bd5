/// <reference types="vite/client" />

declare module 'virtual:operation-paths' {
  import type { OperationPaths } from '@cloudchamber/contract';
  export const paths: OperationPaths;
}

import { type OperationPaths, operations } from '@cloudchamber/contract';

/** Method and path of every operation. The build puts the mere table in place of this module: no command loads schemas. */
export const paths: OperationPaths = Object.fromEntries(
  Object.entries(operations).map(([name, { method, path }]) => [name, [method, path] as const]),
);

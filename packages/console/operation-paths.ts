import { operations } from '@cloudchamber/contract';
import type { Plugin } from 'vite';

const NAME = 'virtual:operation-paths';

/**
 * Gives the browser the method and path of every operation and nothing else of the contract: its schemas stay on the server, which parses what it is sent.
 * `import { paths } from 'virtual:operation-paths'`.
 */
export function operationPaths(): Plugin {
  return {
    name: 'operation-paths',
    resolveId: (id) => (id === NAME ? `\0${NAME}` : undefined),
    load(id) {
      if (id !== `\0${NAME}`) return undefined;
      const paths = Object.entries(operations).map(([name, { method, path }]) => [name, [method, path]]);
      return `export const paths = ${JSON.stringify(Object.fromEntries(paths))};`;
    },
  };
}

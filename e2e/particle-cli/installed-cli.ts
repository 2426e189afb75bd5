import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Where `scripts/install-clients.mjs` puts it. */
const CLIENTS = new URL('../clients/', import.meta.url);
const FOLDER = new URL('node_modules/particle-cli/', CLIENTS);
/** npm writes it when everything is there. */
const STAMP = new URL('node_modules/.package-lock.json', CLIENTS);

export interface InstalledCli {
  readonly version: string;
  /** Its folder, with a slash at the end. */
  readonly folder: string;
}

/** The published command line, or undefined where it could not be installed. */
export function installedCli(): InstalledCli | undefined {
  if (!existsSync(STAMP)) return undefined;
  const { version } = JSON.parse(readFileSync(new URL('package.json', FOLDER), 'utf8')) as { version: string };
  return { version, folder: fileURLToPath(FOLDER) };
}

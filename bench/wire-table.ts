import type { WireSizes } from './cases/wire-size.ts';
import { markdownTable } from './markdown-table.ts';

/** What Particle's documents say of a device's data usage (CON-08, CON-09; keep-alive before connection ids). */
const CLAIMS = ['documents', '150 to 200', '122', 'under 200', '', 'up to 5 K'];

/** Bytes by profile beside the documents' claims, as the README quotes them. */
export function printWireTable(sizes: readonly WireSizes[]): string {
  return markdownTable([
    ['Bytes, both directions', 'publish, ACK', 'ping, ACK', 'resume', 'until connected again', 'new connection'],
    ...sizes.map(({ profile, publish, ping, resume, reconnect, connect }) => [
      profile,
      ...[publish, ping, resume, reconnect, connect].map((bytes) =>
        bytes === null ? '–' : bytes.toLocaleString('en'),
      ),
    ]),
    CLAIMS,
  ]);
}

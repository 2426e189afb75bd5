import { get } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CloudServer, startServer } from '../harness/cloud-server.ts';

const BUDGET_BYTES = 250_000;

/** The body as it comes over the wire, and its encoding. */
function fetchRaw(url: string): Promise<{ readonly bytes: Buffer; readonly encoding: string | undefined }> {
  return new Promise((resolve, reject) => {
    get(url, { headers: { accept: '*/*', 'accept-encoding': 'gzip' } }, async (reply) => {
      const parts: Buffer[] = [];
      for await (const part of reply) parts.push(part);
      resolve({ bytes: Buffer.concat(parts), encoding: reply.headers['content-encoding'] });
    }).on('error', reject);
  });
}

describe('the first load of the console', () => {
  let server: CloudServer;

  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(async () => server?.dispose());

  it('is at most 250 KB of JavaScript, compressed', async () => {
    const page = await (await fetch(server.url, { headers: { accept: 'text/html' } })).text();
    const scripts = [...page.matchAll(/(?:src|href)="(\/assets\/[^"]+\.js)"/g)].map(([, path]) => path);
    expect(scripts.length).toBeGreaterThan(0);
    let total = 0;
    for (const path of scripts) {
      const { bytes, encoding } = await fetchRaw(`${server.url}${path}`);
      expect(encoding).toBe('gzip');
      expect(gunzipSync(bytes).length).toBeGreaterThan(0);
      total += bytes.length;
    }
    console.info(`initial JavaScript: ${total} bytes in ${scripts.length} files`);
    expect(total).toBeLessThanOrEqual(BUDGET_BYTES);
  });
});

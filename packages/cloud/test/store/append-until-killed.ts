import { openStore } from '@cloudchamber/cloud/store';
import { silentLogger, systemClock } from '@cloudchamber/kernel';

/** A process that appends events without end to the store in the folder of its first argument, and prints the name of each one that was acknowledged. */
const [dataDir = '', prefix = ''] = process.argv.slice(2);
const store = await openStore({ dataDir, clock: systemClock, log: silentLogger });

async function appendForEver(writer: number): Promise<never> {
  for (let index = 0; ; index++) {
    const { name } = await store.events.append({
      ownerId: null,
      productId: null,
      deviceId: null,
      publisher: 'api',
      name: `${prefix}-${writer}-${index}`,
      data: new Uint8Array(80),
      contentFormat: 0,
      ttlSeconds: 60,
      publishedAt: index,
    });
    process.stdout.write(`${name}\n`);
  }
}

await Promise.all(Array.from({ length: 20 }, (_, writer) => appendForEver(writer)));

import { beforeAll, describe, expect, it } from 'vitest';
import { measureWireSizes, type WireSizes } from '../../../bench/cases/wire-size.ts';

/** What Particle's documents promise of a device's data usage, held against every profile: CON-08, CON-09, protocol section 11. */
describe('on the wire', () => {
  let sizes: WireSizes[] = [];
  beforeAll(async () => {
    sizes = await measureWireSizes();
  });

  it('a publish with its ACK stays under 200 bytes', () => {
    expect(sizes.length).toBeGreaterThanOrEqual(7);
    for (const { profile, publish } of sizes) expect(publish, profile).toBeLessThanOrEqual(200);
  });

  it('a keep-alive is 122 bytes, with a connection id 142', () => {
    const udp = sizes.filter(({ transport }) => transport === 'udp');
    expect(udp.map(({ ping }) => ping).toSorted()).toEqual([122, 122, 122, 142, 142, 142]);
  });

  it('a resumed session costs under 200 bytes', () => {
    const resumed = sizes.filter(({ transport }) => transport === 'udp');
    for (const { profile, resume } of resumed) {
      expect(resume, profile).not.toBeNull();
      expect(resume, profile).toBeLessThan(200);
    }
  });

  it('a new connection costs under 5 K', () => {
    for (const { profile, connect } of sizes) expect(connect, profile).toBeLessThan(5000);
  });
});

import { setTimeout as pause } from 'node:timers/promises';
import { describeStorePlaces } from '@cloudchamber/testkit';
import type { Fleet } from '@cloudchamber/virtual-device';
import { afterEach, expect, it } from 'vitest';
import { logIn } from './harness/api-client.ts';
import { type CloudServer, startServer } from './harness/cloud-server.ts';
import { powerOnFleet, registerFleet } from './harness/devices.ts';
import { PublishLedger } from './harness/publish-ledger.ts';

const DEVICES = 1000;
const ENDS = 3;
/** Every device, so 500 events a second in all. */
const PUBLISH_EVERY_MS = 2_000;
/** Long enough for events to be under way when it ends. */
const LIFE_MS = 2_000;
/** What was sent to a dead server is sent again after 4 to 6 s (protocol section 3.2). */
const REPEATS_MS = 10_000;

describeStorePlaces('a server that ends and is started again', (newPlace) => {
  let server: CloudServer | undefined;
  let fleet: Fleet | undefined;
  afterEach(async () => {
    await fleet?.stop(0);
    await server?.dispose();
    fleet = undefined;
    server = undefined;
  });

  it('keeps the sessions of 1,000 publishing devices: no handshake, no event lost or doubled', async () => {
    const place = await newPlace();
    server = await startServer({ place });
    const { username } = server.operator;
    fleet = await powerOnFleet(server, await registerFleet(await logIn(server), username, DEVICES));
    const { devices } = fleet;
    const ledger = new PublishLedger();
    let enough = false;
    const publishing = ledger.publishFrom(devices, PUBLISH_EVERY_MS, () => enough);
    for (let ends = 0; ends < ENDS; ends++) {
      await pause(LIFE_MS);
      // Killed without warning, but for one orderly end.
      await (ends === 1 ? server.stop() : server.kill9());
      await server.start();
      expect(await server.metric('chamber_gateway_devices{state="online"}')).toBe(DEVICES);
    }
    const before = ledger.acknowledged.size;
    await pause(REPEATS_MS);
    const handshakes = await server.metric('chamber_gateway_total{kind="handshakes_started",reason=""}');
    enough = true;
    await publishing;
    expect(fleet.states()).toEqual({ connected: DEVICES });
    const stats = devices.map((device) => device.stats);
    const resumed = stats.reduce((sum, { resumes }) => sum + resumes, 0);
    await fleet.stop(0);
    await server.stop();
    const { stored, ...wrong } = await ledger.audit(place);
    console.info(
      `${ENDS} ends under ${DEVICES} devices: ${handshakes} handshakes, ${resumed} resumes; ${ledger.sent} events sent, ` +
        `${ledger.acknowledged.size} acknowledged, ${stored} stored; ${wrong.lost.length} lost, ${wrong.doubled.length} doubled`,
    );
    expect(handshakes).toBe(0);
    expect(stats.filter((one) => one.handshakes !== 1 || one.disconnects !== 0)).toEqual([]);
    expect(wrong).toEqual({ lost: [], doubled: [], invented: [] });
    // They did go on: each published several times in the last life.
    expect(ledger.acknowledged.size - before).toBeGreaterThan(DEVICES * 2);
  }, 180_000);
});

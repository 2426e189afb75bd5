import { setTimeout as pause } from 'node:timers/promises';
import { describeStorePlaces } from '@cloudchamber/testkit';
import { type Fleet, openUdpSocket } from '@cloudchamber/virtual-device';
import { afterEach, expect, it } from 'vitest';
import { logIn } from './harness/api-client.ts';
import { type CloudServer, startServer } from './harness/cloud-server.ts';
import { powerOnFleet, registerFleet } from './harness/devices.ts';
import { lossySocket } from './harness/lossy-socket.ts';
import { PublishLedger } from './harness/publish-ledger.ts';

const KILLS = Number(process.env.E2E_KILL_ROUNDS ?? 20);
/** PostgreSQL is a process of its own that the kill leaves alone. */
const MOST_KILLS_ON_POSTGRES = 5;
const DEVICES = 200;
/** The server is never without events that wait for their commit. */
const PUBLISH_EVERY_MS = 20;
/** A life of the server under load ends at a random moment between these. */
const SHORTEST_LIFE_MS = 1_000;
const LONGEST_LIFE_MS = 2_000;

/** Share of the ACKs that get lost, and how many repeats that must have led to. */
const LOSS = 0.2;
const REPEATS = 150;

describeStorePlaces('a server killed under publishing devices', (newPlace) => {
  let server: CloudServer | undefined;
  let fleet: Fleet | undefined;
  afterEach(async () => {
    await fleet?.stop(0);
    await server?.dispose();
    fleet = undefined;
    server = undefined;
  });

  it('has every event that a device saw acknowledged', { timeout: KILLS * 10_000 + 60_000 }, async () => {
    const place = await newPlace();
    const most = place.databaseUrl === undefined ? KILLS : Math.min(KILLS, MOST_KILLS_ON_POSTGRES);
    server = await startServer({ place });
    const members = await registerFleet(await logIn(server), server.operator.username, DEVICES);
    const ledger = new PublishLedger();
    for (let kills = 0; kills < most; kills++) {
      fleet = await powerOnFleet(server, members);
      const publishing = ledger.publishFrom(fleet.devices, PUBLISH_EVERY_MS);
      await pause(SHORTEST_LIFE_MS + Math.random() * (LONGEST_LIFE_MS - SHORTEST_LIFE_MS));
      await server.kill9();
      await fleet.stop(0);
      await publishing;
      await server.start();
    }
    await server.stop();
    const { stored, ...wrong } = await ledger.audit(place);
    const acknowledged = ledger.acknowledged.size;
    console.info(
      `${most} kills under ${DEVICES} devices: ${ledger.sent} events sent, ${acknowledged} acknowledged, ${stored} stored; ` +
        `${wrong.lost.length} lost, ${wrong.doubled.length} doubled`,
    );
    // Otherwise the kills hit a server that had nothing to do.
    expect(acknowledged).toBeGreaterThan(most * DEVICES);
    expect(wrong).toEqual({ lost: [], doubled: [], invented: [] });
  });

  it('stores an event once when the device repeats the message for want of an ACK', async () => {
    const place = await newPlace();
    server = await startServer({ place });
    const { address } = server.device;
    const members = await registerFleet(await logIn(server), server.operator.username, DEVICES);
    let loss = 0;
    const openSocket = async () => lossySocket(await openUdpSocket(address), () => loss);
    fleet = await powerOnFleet(server, members, { openSocket });
    loss = LOSS;
    const { devices } = fleet;
    const repeats = (): number => devices.reduce((sum, { stats }) => sum + stats.retransmitted, 0);
    const ledger = new PublishLedger();
    await ledger.publishFrom(devices, PUBLISH_EVERY_MS, () => {
      const enough = repeats() >= REPEATS;
      if (enough) loss = 0;
      return enough;
    });
    await server.kill9();
    const { stored, ...wrong } = await ledger.audit(place);
    console.info(`${repeats()} repeats at ${LOSS * 100} % loss: ${ledger.sent} events sent, ${stored} stored`);
    expect(wrong).toEqual({ lost: [], doubled: [], invented: [] });
    expect(stored).toBe(ledger.acknowledged.size);
  });
});

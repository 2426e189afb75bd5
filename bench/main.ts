// `npm run bench`: the figures of the README. `-- --quick` takes about two minutes, `-- --json` prints one JSON document.
import { parseArgs } from 'node:util';
import { ASKED_DEVICES, measureApi } from './cases/api.ts';
import { measureChamberStart } from './cases/chamber-start.ts';
import { measureEventPage } from './cases/event-page.ts';
import { type FirmwareFigures, measureFirmware } from './cases/firmware.ts';
import { measureFleetUpdate } from './cases/fleet-update.ts';
import { measureCalls } from './cases/function-call.ts';
import { measureHandshakes } from './cases/handshake.ts';
import { measureHistory } from './cases/history.ts';
import { measureMemory } from './cases/memory.ts';
import { connectDevices, measureFlood, measurePublish, type PublishFigures, registerDevices } from './cases/publish.ts';
import { measureSse, type SseFigures } from './cases/sse.ts';
import { measureStorm } from './cases/storm.ts';
import { measureWebhooks } from './cases/webhooks.ts';
import { measureWireSizes } from './cases/wire-size.ts';
import { Load } from './load.ts';
import { describeMachine, printTable, type Report } from './report.ts';
import { FULL, QUICK, type Scale } from './scale.ts';
import { ServerProcess } from './server-process.ts';
import { printWireTable } from './wire-table.ts';

const { values } = parseArgs({
  options: { json: { type: 'boolean' }, quick: { type: 'boolean' }, help: { type: 'boolean' } },
});
if (values.help) {
  process.stdout.write('npm run bench -- [--quick] [--json]\n');
  process.exit(0);
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Every case gets a server and a load generator of its own, so that none measures what another left behind. */
async function withServer<T>(work: (server: ServerProcess, load: Load) => Promise<T>): Promise<T> {
  const server = await ServerProcess.start();
  const load = new Load();
  try {
    return await work(server, load);
  } finally {
    load.stop();
    await server.stop();
  }
}

async function measure(scale: Scale, quick: boolean): Promise<Report> {
  const publish: PublishFigures[] = [];
  for (const sessions of scale.sessions) {
    say(`publishes, ${sessions} sessions ...`);
    publish.push(
      await withServer(async (server, load) => {
        await registerDevices(server, load, sessions, 1);
        await connectDevices(load);
        return measurePublish(server, load, sessions, scale);
      }),
    );
  }
  say('publishes over TCP ...');
  const tcp = await withServer(async (server, load) => {
    await registerDevices(server, load, scale.tcpSessions, 1, server.tcp);
    await connectDevices(load);
    return measureFlood(server, load, scale.tcpSessions, scale);
  });
  say('handshakes ...');
  const handshake = await withServer((server, load) => measureHandshakes(server, load, scale.handshakes));
  say('a storm of devices ...');
  const storm = await withServer((server, load) => measureStorm(server, load, scale.storm));
  say('memory ...');
  const memory = await withServer((server) => measureMemory(server, scale.sessions.at(-1) ?? 0, scale.idleSeconds));
  say('function calls ...');
  const call = await withServer(async (server, load) => {
    const [deviceId = ''] = await load.fleet(server, 1);
    return measureCalls(server, deviceId, scale.calls);
  });
  const sse: SseFigures[] = [];
  for (const readers of scale.sseReaders) {
    say(`event streams, ${readers} readers ...`);
    sse.push(await withServer((server) => measureSse(server, readers, scale.sseDeliveries)));
  }
  say('API requests ...');
  const api = await withServer(async (server, load) =>
    measureApi(server, await load.fleet(server, ASKED_DEVICES), scale),
  );
  say('webhooks ...');
  const webhooks = await withServer((server, load) => measureWebhooks(server, load, scale));
  const firmware: FirmwareFigures[] = [];
  for (const devices of scale.updates) {
    say(`1 MB of firmware to ${devices} devices ...`);
    firmware.push(await withServer((server, load) => measureFirmware(server, load, devices)));
  }
  const { devices, imageBytes } = scale.fleetUpdate;
  say(`a release to ${devices} devices ...`);
  const fleetUpdate = await withServer((server) => measureFleetUpdate(server, devices, imageBytes));
  say(`history of ${scale.history.events} events ...`);
  const history = await measureHistory(scale.history.events, scale.history.rounds);
  say('the page of events in a browser ...');
  const eventPage = await withServer((server, load) => measureEventPage(server, load, scale.eventPageSeconds));
  say('starts of chamber ...');
  const chamberStart = await withServer((server) => measureChamberStart(server, scale.chamberStarts));
  say('bytes on the wire ...');
  const wire = await measureWireSizes();
  const date = new Date().toISOString().slice(0, 10);
  return {
    date,
    machine: describeMachine(),
    quick,
    publish,
    tcp,
    handshake,
    storm,
    memory,
    call,
    sse,
    api,
    webhooks,
    firmware,
    fleetUpdate,
    history,
    ...(eventPage && { eventPage }),
    chamberStart,
    wire,
  };
}

const quick = values.quick ?? false;
const report = await measure(quick ? QUICK : FULL, quick);
if (values.json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
else
  process.stdout.write(
    `\n${report.date}, ${report.machine}\n\n${printTable(report)}\n\n${printWireTable(report.wire)}\n`,
  );

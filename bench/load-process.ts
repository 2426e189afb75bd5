// The load generator: a process of its own, told by the bench over IPC what to do.
import { type DeviceId, systemClock, systemEntropy } from '@cloudchamber/kernel';
import { BEHAVIOURS, FirmwareStore, openUdpSocket, VirtualDevice } from '@cloudchamber/virtual-device';
import { generateP256, ModuleFunction } from '@cloudchamber/wire';
import { countedSocket, noTraffic } from './counted-socket.ts';
import type { LoadPeer, Target } from './load-device.ts';
import { makeDevices } from './make-devices.ts';
import { parallel } from './parallel.ts';
import { percentile } from './percentile.ts';

/** 80 bytes on the wire of CoAP: an ordinary telemetry publish. */
const EVENT_NAME = 'sensor/telemetry';
const EVENT_DATA = JSON.stringify({ temp: 21.53, hum: 48, batt: 3.91, seq: 10_000 }).padEnd(54, ' ');
const STUCK_MS = 10_000;

export type Command =
  | { readonly do: 'make'; readonly count: number; readonly first: number; readonly target: Target }
  | { readonly do: 'handshake'; readonly concurrency: number }
  | { readonly do: 'connect'; readonly concurrency: number }
  | { readonly do: 'flood'; readonly seconds: number; readonly inFlight: number }
  | { readonly do: 'pace'; readonly seconds: number; readonly perSecond: number }
  | { readonly do: 'make-fleet'; readonly count: number; readonly first: number; readonly target: Target }
  | { readonly do: 'connect-fleet' }
  | { readonly do: 'updated'; readonly version: number }
  | { readonly do: 'traffic' }
  | { readonly do: 'close' };

export interface Made {
  readonly devices: readonly { readonly id: string; readonly publicKey: string }[];
}
export interface Flooded {
  readonly publishes: number;
  readonly seconds: number;
}
export interface Paced extends Flooded {
  readonly p50: number;
  readonly p99: number;
}

let devices: LoadPeer[] = [];
let fleet: FleetDevice[] = [];
/** Of all devices of the fleet, since the last time that somebody asked. */
const traffic = noTraffic();

async function run(command: Command): Promise<unknown> {
  switch (command.do) {
    case 'make': {
      devices = makeDevices(command.count, command.first, command.target);
      return {
        devices: devices.map(({ id, identity }) => ({ id, publicKey: Buffer.from(identity.spki).toString('base64') })),
      };
    }
    case 'handshake':
      return timed(() => parallel(devices, command.concurrency, (device) => device.handshake()));
    case 'connect':
      return timed(() =>
        parallel(devices, command.concurrency, async (device) => {
          await device.handshake();
          await device.hello();
        }),
      );
    case 'flood':
      return flood(command.seconds, command.inFlight);
    case 'pace':
      return pace(command.seconds, command.perSecond);
    case 'make-fleet':
      return makeFleet(command.count, command.first, command.target);
    case 'connect-fleet':
      await Promise.all(fleet.map(({ device }) => device.connect()));
      return {};
    case 'updated':
      return timed(() => untilUpdated(command.version));
    case 'traffic': {
      const passed = { ...traffic };
      Object.assign(traffic, noTraffic());
      return passed;
    }
    case 'close':
      for (const device of devices) device.close();
      devices = [];
      return {};
  }
}

interface FleetDevice {
  readonly device: VirtualDevice;
  readonly firmware: FirmwareStore;
}

/** Whole virtual devices with functions and room for firmware, for what goes from the cloud to devices. */
function makeFleet(count: number, first: number, { host, port, serverSpki }: Target): Made {
  const made = Array.from({ length: count }, (_, n) => {
    const identity = generateP256();
    const deviceId = `bec4${(first + n).toString(16).padStart(20, '0')}` as DeviceId;
    const firmware = new FirmwareStore();
    const device = new VirtualDevice({
      deviceId,
      identity,
      serverSpki,
      server: { address: host, port },
      clock: systemClock,
      entropy: systemEntropy,
      openSocket: async () => countedSocket(await openUdpSocket(host), traffic),
      behaviour: BEHAVIOURS.get('echo'),
      firmware,
    });
    return { device, firmware, id: deviceId, publicKey: Buffer.from(identity.spki).toString('base64') };
  });
  fleet = made;
  return { devices: made.map(({ id, publicKey }) => ({ id, publicKey })) };
}

/** Resolves when every device of the fleet has restarted into that version of its application. */
async function untilUpdated(version: number): Promise<void> {
  const done = ({ firmware }: FleetDevice): boolean =>
    firmware.module(ModuleFunction.USER_PART, 1)?.version === version;
  while (!fleet.every(done)) await new Promise((resolve) => setTimeout(resolve, 5));
}

async function timed(work: () => Promise<void>): Promise<{ seconds: number }> {
  const started = performance.now();
  await work();
  return { seconds: (performance.now() - started) / 1000 };
}

/** As many publishes as the cloud acknowledges, `inFlight` at a time, dealt to the devices in turn. */
async function flood(seconds: number, inFlight: number): Promise<Flooded> {
  const started = performance.now();
  const end = started + seconds * 1000;
  let publishes = 0;
  let turn = 0;
  const worker = async (): Promise<void> => {
    while (performance.now() < end) {
      const device = devices[turn++ % devices.length] as LoadPeer;
      await orStuck(device.publish(EVENT_NAME, EVENT_DATA));
      publishes += 1;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
  return { publishes, seconds: (performance.now() - started) / 1000 };
}

/** Publishes at a steady rate, whether or not earlier ones were acknowledged, and times each to its ACK. */
async function pace(seconds: number, perSecond: number): Promise<Paced> {
  const started = performance.now();
  const latencies: number[] = [];
  const total = Math.floor(seconds * perSecond);
  let sent = 0;
  const pending: Promise<void>[] = [];
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      const due = Math.min(total, Math.floor(((performance.now() - started) / 1000) * perSecond));
      for (; sent < due; sent++) {
        const device = devices[sent % devices.length] as LoadPeer;
        const at = performance.now();
        pending.push(
          orStuck(device.publish(EVENT_NAME, EVENT_DATA)).then(() => void latencies.push(performance.now() - at)),
        );
      }
      if (sent >= total) {
        clearInterval(timer);
        resolve();
      }
    }, 1);
  });
  await Promise.all(pending);
  const elapsed = (performance.now() - started) / 1000;
  return { publishes: total, seconds: elapsed, p50: percentile(latencies, 50), p99: percentile(latencies, 99) };
}

/** @throws when a publish is not acknowledged for ten seconds: a datagram was lost, and the run means nothing. */
function orStuck(publish: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const stuck = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('a publish was not acknowledged within 10 s')), STUCK_MS);
  });
  return Promise.race([publish, stuck]).finally(() => clearTimeout(timer));
}

process.on('message', ({ call, command }: { call: number; command: Command }) => {
  run(command).then(
    (result) => process.send?.({ call, result }),
    (error: Error) => process.send?.({ call, error: error.message }),
  );
});

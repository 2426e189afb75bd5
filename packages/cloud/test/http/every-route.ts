import type { DeviceCommands } from '@cloudchamber/gateway';
import { type Clock, type Entropy, seededEntropy, silentLogger, systemClock } from '@cloudchamber/kernel';
import { Registry } from 'prom-client';
import { type Bus, InProcessBus } from '../../src/bus/index.ts';
import { FirstRun } from '../../src/domain/accounts/index.ts';
import { AttemptRecorder } from '../../src/domain/connections/index.ts';
import { DeliveryBacklog, type IntegrationTargets } from '../../src/domain/deliveries/index.ts';
import { LiveHub, routeEvents } from '../../src/domain/events/index.ts';
import { FirmwareBlobs, UpdateJournal } from '../../src/domain/firmware/index.ts';
import { IntegrationDirectory } from '../../src/domain/integrations/index.ts';
import { ProductDirectory } from '../../src/domain/products/index.ts';
import { ServerKeyRing } from '../../src/domain/server-keys/index.ts';
import { routeModules } from '../../src/http/routes/index.ts';
import { type TestServer, testServer } from '../../src/http/test-server.ts';
import { createSecretBox, type Store } from '../../src/store/index.ts';

export interface EveryRouteOptions {
  readonly store: Store;
  readonly clock?: Clock;
  readonly entropy?: Entropy;
  /** By default no device is connected. */
  readonly commands?: DeviceCommands;
}

/** A test server with every route of the cloud. */
export interface EveryRoute {
  readonly server: TestServer;
  /** Whose events are owed to integrations. */
  readonly store: Store;
  readonly bus: Bus;
  readonly hub: LiveHub;
}

const nobodyConnected = { isOnline: () => false } as unknown as DeviceCommands;

/** Proves that somebody runs the server. */
const SETUP_CODE = '5e7c'.repeat(10);

const NOBODY = 'a test calls nobody';

/** Nothing leaves this machine. */
const noRequests: Pick<IntegrationTargets, 'open'> = {
  open: ({ id, owner, settings: { mode, disabled } }) => ({
    id,
    owner,
    mode,
    disabled,
    prepare: () => ({ host: 'nobody.example', send: async () => ({ ...NO_REPLY, error: NOBODY }) }),
    sentEvent: () => null,
    errorEvent: ({ name }) => ({ name: `hook-error/${name}/0`, data: Buffer.from(NOBODY), contentFormat: 0 }),
  }),
};
const NO_REPLY = {
  ok: false,
  status: null,
  events: [],
  requestText: '',
  responseText: '',
  body: null,
  again: 'later',
  retryAfterMs: null,
} as const;

/** Builds the routes as the composition root does, over a store and without devices. What events owe to integrations stays in the store. */
export async function everyRoute(options: EveryRouteOptions): Promise<EveryRoute> {
  const { clock = systemClock, entropy = seededEntropy(9), commands = nobodyConnected } = options;
  const bus = new InProcessBus(silentLogger);
  const backlog = new DeliveryBacklog();
  const integrations = await IntegrationDirectory.open({ store: options.store, bus, log: silentLogger });
  const store = routeEvents(options.store, backlog.within(integrations));
  const hub = new LiveHub(bus, new ProductDirectory(store, bus));
  const metrics = new Registry();
  const secrets = createSecretBox(entropy.bytes(32), entropy);
  const serverKeys = await ServerKeyRing.open({ store, clock, entropy, secrets });
  const blobs = new FirmwareBlobs({ store, clock });
  const updates = await UpdateJournal.open({ store, bus, commands, clock, log: silentLogger, blobs });
  const connections = await AttemptRecorder.open({ store, clock, log: silentLogger });
  const server = await testServer(store, {
    bus,
    clock,
    metrics,
    routes: (_ambient, accounts) =>
      routeModules({
        accounts,
        firstRun: new FirstRun(SETUP_CODE, async () => {}),
        bus,
        hub,
        commands,
        updates,
        blobs,
        fleet: { waitOf: () => undefined, waitingIn: () => new Map() },
        targets: noRequests,
        backlog,
        integrations,
        serverKeys,
        connections,
        metrics,
        probes: {},
        publicUrl: 'http://127.0.0.1:8080',
        deviceHost: 'devices.example.net',
        udpPort: 5684,
        tcpPort: 5683,
      }),
  });
  return { server, store, bus, hub };
}

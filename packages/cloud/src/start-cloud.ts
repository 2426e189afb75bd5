import { bindUdp, Gateway, listenTcp } from '@cloudchamber/gateway';
import {
  type ChamberError,
  type Clock,
  type DeviceId,
  type Entropy,
  errorMessage,
  type Logger,
  systemClock,
  systemEntropy,
} from '@cloudchamber/kernel';
import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { exposeDeliveries } from './adapters/delivery-metrics.ts';
import { exposeFleet } from './adapters/fleet-metrics.ts';
import { exposeGateway } from './adapters/gateway-metrics.ts';
import { CloudGatewayPorts, type RunningMember } from './adapters/gateway-ports.ts';
import { exposeHistory } from './adapters/history-metrics.ts';
import { LateDeviceCommands } from './adapters/late-device-commands.ts';
import { InProcessBus } from './bus/index.ts';
import type { Config } from './config.ts';
import { type AccountServices, createAccountServices, ensureOperator, FirstRun } from './domain/accounts/index.ts';
import { AuditPruner } from './domain/audit/index.ts';
import { AttemptPruner, AttemptRecorder } from './domain/connections/index.ts';
import type { Ambient } from './domain/context.ts';
import { OperationPruner } from './domain/data-operations/index.ts';
import { DeliveryBacklog, openDeliveries } from './domain/deliveries/index.ts';
import { LiveHub, routeEvents } from './domain/events/index.ts';
import { BlobPruner, FirmwareBlobs, UpdateJournal, UpdatePruner } from './domain/firmware/index.ts';
import { FleetUpdater } from './domain/fleet-updates/index.ts';
import { CountPruner, HealthCounter, PresencePruner } from './domain/health/index.ts';
import { EventPruner } from './domain/history/index.ts';
import { IntegrationDirectory } from './domain/integrations/index.ts';
import { openMailer } from './domain/mail/index.ts';
import { ProductDirectory } from './domain/products/index.ts';
import { VersionsRan } from './domain/releases/index.ts';
import { RolloutPruner, RolloutRunner } from './domain/rollouts/index.ts';
import { ServerKeyRing } from './domain/server-keys/index.ts';
import { DurableSessionVault } from './domain/sessions/index.ts';
import { newestPosition } from './domain/streams/index.ts';
import { VitalsPruner } from './domain/vitals/index.ts';
import { createAuthenticator } from './http/authenticate.ts';
import { routeModules } from './http/routes/index.ts';
import { buildServer } from './http/server.ts';
import { openSecretBox, openStore } from './store/index.ts';
import { refuseUnavailable } from './unavailable-settings.ts';

export interface CloudOptions {
  readonly config: Config;
  readonly log: Logger;
  readonly clock?: Clock;
  readonly entropy?: Entropy;
  /** The folder of the built console; without it the pages say how to build it. */
  readonly consoleDir?: string;
  /** The packed command line, which people install from here; without it they are told that there is none. */
  readonly cliTarball?: string | undefined;
  /** The store broke for good: end the process, so that its supervisor starts it anew. */
  onFailure(error: ChamberError): void;
}

/** A running cloud. */
export interface Cloud {
  /** Where the API is reached, without a slash at the end. */
  readonly url: string;
  readonly httpPort: number;
  /** Where the first operator's account is made; absent when there is an operator. */
  readonly setupUrl?: string;
  /** Where DTLS listens, or null when it is off. */
  readonly udpPort: number | null;
  /** Where AES over TCP listens, or null when it is off. */
  readonly tcpPort: number | null;
  /** DER SubjectPublicKeyInfo of the cloud's newest P-256 key. */
  readonly publicKey: Uint8Array;
  readonly ambient: Ambient;
  readonly accounts: AccountServices;
  /** Ends streams and requests, says goodbye to nobody, stores what is under way, and resolves when everything is closed. */
  stop(): Promise<void>;
}

/**
 * Builds every part of the cloud and connects them; resolves once devices and people can connect.
 * @throws ChamberError or the system's error when the store, a port or the operator's account cannot be had.
 */
export async function startCloud(options: CloudOptions): Promise<Cloud> {
  const { config, log, clock = systemClock, entropy = systemEntropy, consoleDir, cliTarball, onFailure } = options;
  refuseUnavailable(config);
  const { dataDir, databaseUrl, secret } = config;
  const unrouted = await openStore({ dataDir, databaseUrl, clock, log, onFailure });
  const undo: (() => Promise<void> | void)[] = [() => unrouted.close()];
  const stop = once(async () => {
    for (const step of undo.reverse()) await step();
  });
  try {
    const bus = new InProcessBus(log);
    const integrations = await IntegrationDirectory.open({ store: unrouted, bus, log });
    undo.push(() => integrations.close());
    const backlog = new DeliveryBacklog();
    const store = routeEvents(unrouted, backlog.within(integrations));
    const ambient: Ambient = { store, clock, entropy, log };
    const auditPruner = new AuditPruner(ambient);
    undo.push(() => auditPruner.close());
    const operationPruner = new OperationPruner(ambient);
    undo.push(() => operationPruner.close());
    const eventPruner = new EventPruner(ambient, { days: config.eventDays, bytes: config.eventBytes });
    undo.push(() => eventPruner.close());
    const health = new HealthCounter(ambient);
    undo.push(() => health.close());
    for (const pruner of [new VitalsPruner(ambient), new CountPruner(ambient), new PresencePruner(ambient)]) {
      undo.push(() => pruner.close());
    }
    const secrets = await openSecretBox({ dataDir, secret, entropy });
    const serverKeys = await ServerKeyRing.open({ ...ambient, secrets });
    const [identity] = serverKeys.ec;
    const [tcpIdentity] = serverKeys.rsa;
    const { outboundAllow, pubSubEndpoint, pubSubCredentials } = config;
    const targets = { outboundAllow, pubSubEndpoint, pubSubCredentials };
    const deliveries = await openDeliveries({ ...ambient, ...targets, bus, secrets, backlog, health });
    undo.push(() => deliveries.close());
    const { mailer, mailbox } = openMailer(config, ambient);
    undo.push(() => mailer.close());
    const accounts = createAccountServices(ambient, {
      bus,
      signup: config.signup,
      mailer,
      secrets,
      publicUrl: config.publicUrl,
    });
    undo.push(() => accounts.aside.settled());
    if (config.operator) await ensureOperator(ambient, accounts, config.operator);
    const firstRun = await FirstRun.open(ambient, dataDir);

    const commands = new LateDeviceCommands((...asked) => health.asked(...asked));
    const { trustFirstKey } = config;
    const blobs = new FirmwareBlobs(ambient);
    const updates = await UpdateJournal.open({ store, bus, commands, blobs, clock, log });
    const updatePruners = [new BlobPruner(ambient), new UpdatePruner(ambient), new RolloutPruner(ambient)];
    for (const pruner of updatePruners) undo.push(() => pruner.close());
    const fleet = new FleetUpdater({ ...ambient, bus, commands, updates, blobs, atOnce: config.updatesAtOnce });
    undo.push(() => fleet.settled());
    const versions = new VersionsRan(ambient, bus);
    undo.push(() => versions.close());
    const waitsFor = (deviceId: DeviceId) => fleet.waitsFor(deviceId);
    const rollouts = await RolloutRunner.open({ ...ambient, bus, commands, updates, waitsFor });
    undo.push(() => rollouts.close());
    const onRunning = [
      (member: RunningMember) => versions.note(member),
      ({ deviceId, productId, version }: RunningMember) => rollouts.noteRan(deviceId, productId, version),
    ];
    const connections = await AttemptRecorder.open(ambient);
    const attemptPruner = new AttemptPruner(ambient);
    undo.push(() => attemptPruner.close());
    undo.push(() => connections.close());
    const ports = new CloudGatewayPorts({
      ...ambient,
      connections,
      bus,
      commands,
      updates,
      trustFirstKey,
      health,
      fleet,
      onRunning,
    });
    undo.push(() => ports.close());
    const vault = new DurableSessionVault({ store, secrets, clock, log });
    undo.push(() => vault.close());
    const sessions = await vault.load();
    const { udp, listener } = await bindDevicePorts(config, log);
    const tcp = listener && { listener, identity: tcpIdentity };
    const settings = { sessionRenewMs: config.sessionRenewMs };
    const gateway = new Gateway({ ports, vault, clock, entropy, log, identity, udp, tcp, settings });
    undo.push(() => gateway.stop());
    undo.push(() => fleet.close());
    await gateway.resume(sessions);
    gateway.useIdentities(serverKeys);
    serverKeys.onChange(() => gateway.useIdentities(serverKeys));
    commands.connect(gateway.commands);
    updates.resume();
    await fleet.start();

    const products = new ProductDirectory(store, bus);
    undo.push(() => products.close());
    const hub = new LiveHub(bus, products);
    undo.push(() => hub.close());
    hub.startAt(await newestPosition(store));
    const metrics = new Registry();
    collectDefaultMetrics({ register: metrics });
    exposeGateway(gateway, metrics);
    exposeFleet(fleet, metrics);
    exposeHistory(eventPruner, hub, metrics);
    exposeDeliveries(deliveries, metrics);
    const udpPort = udp?.port ?? null;
    const tcpPort = listener?.port ?? null;
    const http = await buildServer({
      ambient,
      authenticator: createAuthenticator(ambient, accounts),
      metrics,
      rateLimits: config.rateLimits,
      trustProxy: config.trustProxy,
      consoleDir,
      installation: { publicUrl: config.publicUrl, tarball: cliTarball },
      routes: routeModules({
        accounts,
        firstRun,
        bus,
        hub,
        backlog,
        integrations,
        commands,
        updates,
        blobs,
        fleet,
        targets: deliveries.targets,
        serverKeys,
        connections,
        metrics,
        ...(mailbox !== undefined && { mailbox }),
        probes: { store: () => store.check() },
        publicUrl: config.publicUrl,
        deviceHost: config.deviceHost,
        udpPort,
        tcpPort,
        organizationPolicy: config.organizationPolicy,
        teamLimit: config.teamLimit,
        eventDays: config.eventDays,
      }),
    });
    undo.push(() => http.close());
    const httpPort = await listen(http, config);
    log.info({ store: store.engine, httpPort, udpPort, tcpPort }, 'the cloud is ready');
    const publicKey = serverKeys.newest('ec-p256').spki;
    const setup = firstRun.code !== undefined && { setupUrl: `${config.publicUrl}/setup?code=${firstRun.code}` };
    return { url: config.publicUrl, httpPort, ...setup, udpPort, tcpPort, publicKey, ambient, accounts, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The sockets that devices call; absent where a transport is off. */
async function bindDevicePorts(config: Config, log: Logger) {
  const { host, udpPort, tcpPort } = config;
  const failed = (error: Error): void => log.error({ error: errorMessage(error) }, 'a device port failed');
  const udp = udpPort === 0 ? undefined : await bindUdp(host, udpPort, failed);
  try {
    return { udp, listener: tcpPort === 0 ? undefined : await listenTcp(host, tcpPort, failed) };
  } catch (error) {
    await udp?.close();
    throw error;
  }
}

async function listen(http: FastifyInstance, config: Config): Promise<number> {
  await http.listen({ host: config.host, port: config.httpPort });
  const address = http.server.address();
  return typeof address === 'object' && address !== null ? address.port : config.httpPort;
}

function once(run: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => {
    running ??= run();
    return running;
  };
}

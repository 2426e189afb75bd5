import { bindUdp, Gateway, listenTcp } from '@cloudchamber/gateway';
import {
  type ChamberError,
  type Clock,
  type Entropy,
  errorMessage,
  type Logger,
  systemClock,
  systemEntropy,
} from '@cloudchamber/kernel';
import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { exposeGateway } from './adapters/gateway-metrics.ts';
import { CloudGatewayPorts } from './adapters/gateway-ports.ts';
import { LateDeviceCommands } from './adapters/late-device-commands.ts';
import { InProcessBus } from './bus/index.ts';
import type { Config } from './config.ts';
import { type AccountServices, type Ambient, createAccountServices, ensureOperator } from './domain/accounts/index.ts';
import { countDevices } from './domain/devices/index.ts';
import { LiveHub } from './domain/events/index.ts';
import { UpdateJournal } from './domain/firmware/index.ts';
import { ServerKeyRing } from './domain/server-keys/index.ts';
import { DurableSessionVault } from './domain/sessions/index.ts';
import { createAuthenticator } from './http/authenticate.ts';
import { accountRouteModule } from './http/routes/accounts.ts';
import { addressRouteModule } from './http/routes/addresses.ts';
import { deviceRouteModule } from './http/routes/devices.ts';
import { eventRouteModule } from './http/routes/events.ts';
import { keyRouteModule } from './http/routes/keys.ts';
import { serviceRouteModule } from './http/routes/service.ts';
import { buildServer } from './http/server.ts';
import { openSecretBox, openStore } from './store/index.ts';
import { refuseUnavailable } from './unavailable-settings.ts';

export interface CloudOptions {
  readonly config: Config;
  readonly log: Logger;
  readonly clock?: Clock;
  readonly entropy?: Entropy;
  /** The store broke for good: end the process, so that its supervisor starts it anew. */
  onFailure(error: ChamberError): void;
}

/** A running cloud. */
export interface Cloud {
  /** Where the API is reached, without a slash at the end. */
  readonly url: string;
  readonly httpPort: number;
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
  const { config, log, clock = systemClock, entropy = systemEntropy, onFailure } = options;
  refuseUnavailable(config);
  const { dataDir, databaseUrl, secret } = config;
  const store = await openStore({ dataDir, databaseUrl, clock, log, onFailure });
  const undo: (() => Promise<void> | void)[] = [() => store.close()];
  const stop = once(async () => {
    for (const step of undo.reverse()) await step();
  });
  try {
    const ambient: Ambient = { store, clock, entropy, log };
    const secrets = await openSecretBox({ dataDir, secret, entropy });
    const serverKeys = await ServerKeyRing.open({ ...ambient, secrets });
    const [identity] = serverKeys.ec;
    const [tcpIdentity] = serverKeys.rsa;
    const bus = new InProcessBus(log);
    const accounts = createAccountServices(ambient, { bus, signup: config.signup });
    if (config.operator) await ensureOperator(ambient, accounts, config.operator);

    const commands = new LateDeviceCommands();
    const { trustFirstKey } = config;
    const updates = await UpdateJournal.open({ store, bus, commands, clock, log });
    const ports = new CloudGatewayPorts({ store, bus, clock, entropy, log, commands, updates, trustFirstKey });
    undo.push(() => ports.close());
    const vault = new DurableSessionVault({ store, secrets, clock, log });
    undo.push(() => vault.close());
    const sessions = await vault.load();
    const { udp, listener } = await bindDevicePorts(config, log);
    const tcp = listener && { listener, identity: tcpIdentity };
    const settings = { sessionRenewMs: config.sessionRenewMs };
    const gateway = new Gateway({ ports, vault, clock, entropy, log, identity, udp, tcp, settings });
    undo.push(() => gateway.stop());
    await gateway.resume(sessions);
    gateway.useIdentities(serverKeys);
    serverKeys.onChange(() => gateway.useIdentities(serverKeys));
    commands.connect(gateway.commands);
    updates.resume();

    const hub = new LiveHub(bus);
    undo.push(() => hub.close());
    const metrics = new Registry();
    collectDefaultMetrics({ register: metrics });
    exposeGateway(gateway, metrics);
    const udpPort = udp?.port ?? null;
    const tcpPort = listener?.port ?? null;
    const http = await buildServer({
      ambient,
      authenticator: createAuthenticator(ambient, accounts),
      metrics,
      routes: [
        accountRouteModule(accounts, countDevices),
        deviceRouteModule({ bus, commands, updates, publicUrl: config.publicUrl }),
        eventRouteModule({ bus, hub, publicUrl: config.publicUrl }),
        keyRouteModule({ serverKeys, udpPort, tcpPort }),
        addressRouteModule({ publicUrl: config.publicUrl, deviceHost: config.deviceHost, udpPort, tcpPort }),
        serviceRouteModule({ metrics, probes: { store: () => store.check() } }),
      ],
    });
    undo.push(() => http.close());
    const httpPort = await listen(http, config);
    log.info({ store: store.engine, httpPort, udpPort, tcpPort }, 'the cloud is ready');
    const publicKey = serverKeys.newest('ec-p256').spki;
    return { url: config.publicUrl, httpPort, udpPort, tcpPort, publicKey, ambient, accounts, stop };
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

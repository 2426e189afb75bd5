// `npm start`: the cloud on this machine only, with a demo account and three virtual devices.
import {
  type Cloud,
  type Config,
  ConfigError,
  cliTarball,
  consoleDir,
  createLog,
  readProcessConfig,
  startCloud,
  stopOnSignals,
} from '@cloudchamber/cloud';
import { errorMessage } from '@cloudchamber/kernel';
import { ensureDemoAccount } from './demo-account.ts';
import { readDemo, writeDemo } from './demo-file.ts';
import { startDemoFleet } from './demo-fleet.ts';
import { welcome } from './welcome.ts';

const DEFAULTS = {
  CHAMBER_HOST: '127.0.0.1',
  CHAMBER_SIGNUP: 'open',
  CHAMBER_ORG_CREATION: 'open',
  CHAMBER_OUTBOUND_ALLOW: '127.0.0.1,localhost',
  CHAMBER_LOG_LEVEL: 'warn',
};

async function run(config: Config, onStop: (stop: () => Promise<void>) => void): Promise<void> {
  const log = createLog(config);
  const cloud: Cloud = await startCloud({ config, log, consoleDir, cliTarball, onFailure: () => process.exit(1) });
  onStop(() => cloud.stop());
  if (cloud.udpPort === null) throw new ConfigError('CHAMBER_UDP_PORT is 0: the demo needs the device port');
  const earlier = await readDemo(config.dataDir);
  const account = await ensureDemoAccount(cloud, earlier);
  const host = config.host === '0.0.0.0' ? '127.0.0.1' : config.host;
  const server = { address: host, port: cloud.udpPort };
  const { fleet, devices } = await startDemoFleet({
    dataDir: config.dataDir,
    api: cloud.url,
    token: account.access_token,
    server,
    serverSpki: cloud.publicKey,
    log,
  });
  onStop(async () => {
    await fleet.stop();
    await cloud.stop();
  });
  const demo = { email: account.email, password: account.password, access_token: account.access_token, devices };
  await writeDemo(config.dataDir, demo);
  const facts = { url: cloud.url, deviceAddress: `udp://${server.address}:${server.port}`, dataDir: config.dataDir };
  process.stdout.write(welcome({ ...facts, demo }));
}

/** The usual reasons with their next step; anything else as it is. */
function explain(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') {
    return `${errorMessage(error)}\nAnother program uses that port. Stop it, or choose others: CHAMBER_HTTP_PORT=8081 CHAMBER_UDP_PORT=5685 CHAMBER_TCP_PORT=5686 npm start`;
  }
  return errorMessage(error);
}

try {
  const config = readProcessConfig({ args: process.argv.slice(2), defaults: DEFAULTS });
  let stop = async (): Promise<void> => {};
  stopOnSignals(createLog(config), () => stop());
  await run(config, (next) => {
    stop = next;
  });
} catch (error) {
  process.stderr.write(`Cloud Chamber could not start: ${explain(error)}\n`);
  process.exit(error instanceof ConfigError ? 2 : 1);
}

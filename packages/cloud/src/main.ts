// `npm run serve`: the cloud alone, for real use. Settings come from flags, the environment and .env.
import { errorMessage } from '@cloudchamber/kernel';
import { type Config, ConfigError, flagName, readProcessConfig, settingNames } from './config.ts';
import { cliTarball, consoleDir, createLog, stopOnSignals } from './run-process.ts';
import { startCloud } from './start-cloud.ts';

const args = process.argv.slice(2);

if (args.includes('--help')) {
  const flags = settingNames.map((name) => `  --${flagName(name)} VALUE`.padEnd(32) + name);
  process.stdout.write(
    `npm run serve -- [flags]\n\nEvery flag has an environment variable; .env.example explains them.\n\n${flags.join('\n')}\n`,
  );
  process.exit(0);
}

function settings(): Config {
  try {
    return readProcessConfig({ args });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(2);
  }
}

const config = settings();
const log = createLog(config);
let stop = async (): Promise<void> => {};
stopOnSignals(log, () => stop());
try {
  const cloud = await startCloud({ config, log, consoleDir, cliTarball, onFailure: () => process.exit(1) });
  stop = () => cloud.stop();
  if (cloud.setupUrl !== undefined) {
    process.stdout.write(`This cloud has no operator yet. Make the first account here: ${cloud.setupUrl}\n`);
  }
} catch (error) {
  log.error({ error: errorMessage(error) }, 'the cloud could not start');
  process.stderr.write(`Cloud Chamber could not start: ${errorMessage(error)}\n`);
  process.exit(error instanceof ConfigError ? 2 : 1);
}

export type { Config, ConfigSources } from './config.ts';
export { ConfigError, readConfig, readProcessConfig } from './config.ts';
export { ensureOperator, findUserByName, issueToken } from './domain/accounts/index.ts';
export { claimDevice, registerDevice } from './domain/devices/index.ts';
export { publicKeyPem } from './domain/server-keys/index.ts';
export { cliTarball, consoleDir, createLog, stopOnSignals } from './run-process.ts';
export type { Cloud, CloudOptions } from './start-cloud.ts';
export { startCloud } from './start-cloud.ts';

export { DurableSessionVault, type SessionVaultOptions } from './durable-session-vault.ts';

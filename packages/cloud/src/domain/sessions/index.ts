export { DurableSessionVault } from './durable-session-vault.ts';

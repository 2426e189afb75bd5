import { type Config, ConfigError } from './config.ts';

/**
 * Refuses settings that name something this version doesn't have yet: ignoring them would look like obeying.
 * @throws ConfigError naming each
 */
export function refuseUnavailable(config: Config): void {
  const refused: string[] = [];
  if (config.natsUrl !== undefined) refused.push('NATS_URL: several processes are not available in this version');
  if (config.roles.length !== 3) refused.push('CHAMBER_ROLES: in this version one process has all roles');
  if (refused.length > 0) throw new ConfigError(refused.join('\n'));
}

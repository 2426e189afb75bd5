import { SCOPES, type Scope } from '@cloudchamber/contract';

/** What a member of a team may be (section 5 of the product notes). The owner of a product or organization is one without a row of its own. */
export type Role = 'Owner' | 'Administrator' | 'Developer' | 'Support' | 'View-only';

/** The roles that a member can be given, strongest first. */
export const GIVEN_ROLES = ['Administrator', 'Developer', 'Support', 'View-only'] as const satisfies readonly Role[];

const VIEW: readonly Scope[] = [
  'clients:list',
  'configuration:get',
  'customers:list',
  'devices:list',
  'devices:get',
  'devices.diagnostics:get',
  'devices.diagnostics.metadata:get',
  'devices.diagnostics.summary:get',
  'events:get',
  'firmware:list',
  'firmware:get',
  'groups:list',
  'groups:get',
  'groups.impact:get',
  'integrations:list',
  'integrations:get',
  'ledger.definitions:list',
  'ledger.definitions:get',
  'ledger.instances:list',
  'ledger.instances:get',
  'ledger.instances.versions:list',
  'ledger.instances.versions:get',
  'locations:get',
  'logic.functions:list',
  'logic.functions:get',
  'logic.runs:list',
  'logic.runs:get',
  'logic.logs:list',
  'logic.stats:list',
  'metrics.online:get',
  'metrics.events:get',
  'metrics.integrations:get',
  'metrics.functions:get',
  'metrics.variables:get',
  'organization:get',
  'products:list',
  'products:get',
  'sims:list',
  'sims:get',
  'sims.usage:get',
  'sims.status:get',
  'teams.users:list',
];

const OPERATE: readonly Scope[] = [
  'devices.diagnostics:update',
  'devices.function:call',
  'devices.variable:get',
  'devices:ping',
  'sims:update',
];

const DEVELOP: readonly Scope[] = [
  'clients:create',
  'clients:update',
  'clients:remove',
  'configuration:update',
  'customers:create',
  'customers:update',
  'customers:remove',
  'devices:update',
  'devices:import',
  'devices:remove',
  'devices:release',
  'events:send',
  'firmware:create',
  'firmware:update',
  'firmware:remove',
  'firmware:release',
  'firmware.binary:get',
  'groups:create',
  'groups:update',
  'groups:remove',
  'integrations:create',
  'integrations:update',
  'integrations:remove',
  'integrations:test',
  'ledger.definitions:create',
  'ledger.definitions:update',
  'ledger.definitions:archive',
  'ledger.instances:set',
  'ledger.instances:remove',
  'logic.functions:create',
  'logic.functions:update',
  'logic.functions:remove',
  'logic.functions:execute',
  'products:create',
  'sims:import',
  'sims:remove',
];

/** What only the owner may do: give the place away or end it. */
const OWNER_ONLY: readonly Scope[] = ['products:transfer', 'products:remove', 'organization:remove'];

const view = new Set(VIEW);
const support = new Set([...VIEW, ...OPERATE]);
const developer = new Set([...VIEW, ...OPERATE, ...DEVELOP]);
const administrator = new Set(SCOPES.filter((scope) => !OWNER_ONLY.includes(scope)));

/** The matrix of roles and permissions. */
export const scopesOfRole: Readonly<Record<Role, ReadonlySet<Scope>>> = {
  Owner: new Set(SCOPES),
  Administrator: administrator,
  Developer: developer,
  Support: support,
  'View-only': view,
};

/** @returns the stronger of two roles. */
export function strongerRole(one: Role | undefined, other: Role | undefined): Role | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return scopesOfRole[one].size >= scopesOfRole[other].size ? one : other;
}

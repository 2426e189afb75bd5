import { SCOPES, type Scope } from '@cloudchamber/contract';
import { describe, expect, it } from 'vitest';
import { permissionsOf } from './permissions-of.ts';
import { GIVEN_ROLES, type Role, scopesOfRole, strongerRole } from './roles.ts';

const ROLES: readonly Role[] = ['Owner', ...GIVEN_ROLES];

/** The matrix of section 5 of the product notes, row by row: an action, what it takes, and who may. */
const MATRIX: readonly (readonly [action: string, scopes: readonly Scope[], who: readonly Role[]])[] = [
  ['view the team', ['teams.users:list'], ROLES],
  ['view devices', ['devices:list', 'devices:get'], ROLES],
  [
    'view vitals',
    ['devices.diagnostics:get', 'devices.diagnostics.metadata:get', 'devices.diagnostics.summary:get'],
    ROLES,
  ],
  [
    'view fleet health',
    ['metrics.online:get', 'metrics.events:get', 'metrics.integrations:get', 'metrics.functions:get'],
    ROLES,
  ],
  ['view SIMs', ['sims:list', 'sims:get', 'sims.usage:get', 'sims.status:get'], ROLES],
  ['view firmware', ['firmware:list', 'firmware:get'], ROLES],
  ['view integrations', ['integrations:list', 'integrations:get'], ROLES],
  ['view OAuth clients', ['clients:list'], ROLES],
  ['view customers', ['customers:list'], ROLES],
  ['view settings', ['products:get', 'configuration:get', 'groups:list', 'groups:get', 'organization:get'], ROLES],
  ['subscribe to events', ['events:get'], ROLES],
  ['refresh vitals', ['devices.diagnostics:update'], ['Owner', 'Administrator', 'Developer', 'Support']],
  [
    'read variables, call functions, ping',
    ['devices.variable:get', 'devices.function:call', 'devices:ping'],
    ['Owner', 'Administrator', 'Developer', 'Support'],
  ],
  ['change the state and limit of a SIM', ['sims:update'], ['Owner', 'Administrator', 'Developer', 'Support']],
  [
    'add, remove, edit and flash devices',
    ['devices:import', 'devices:remove', 'devices:update', 'devices:release'],
    ['Owner', 'Administrator', 'Developer'],
  ],
  ['change groups', ['groups:create', 'groups:update', 'groups:remove'], ['Owner', 'Administrator', 'Developer']],
  ['publish events', ['events:send'], ['Owner', 'Administrator', 'Developer']],
  ['add and remove SIMs', ['sims:import', 'sims:remove'], ['Owner', 'Administrator', 'Developer']],
  [
    'upload, release and edit firmware',
    ['firmware:create', 'firmware:update', 'firmware:remove', 'firmware:release', 'firmware.binary:get'],
    ['Owner', 'Administrator', 'Developer'],
  ],
  [
    'create and edit integrations',
    ['integrations:create', 'integrations:update', 'integrations:remove', 'integrations:test'],
    ['Owner', 'Administrator', 'Developer'],
  ],
  [
    'create and edit OAuth clients',
    ['clients:create', 'clients:update', 'clients:remove'],
    ['Owner', 'Administrator', 'Developer'],
  ],
  [
    'create and edit customers',
    ['customers:create', 'customers:update', 'customers:remove'],
    ['Owner', 'Administrator', 'Developer'],
  ],
  ['manage the team', ['teams.users:invite', 'teams.users:update', 'teams.users:remove'], ['Owner', 'Administrator']],
  ['edit product settings', ['products:update', 'organization:update'], ['Owner', 'Administrator']],
  [
    'view billing',
    ['service_agreements:list', 'service_agreements.usage_summary:get', 'service_agreements.pricing_terms:get'],
    ['Owner', 'Administrator'],
  ],
  ['read the audit log', ['audit:list'], ['Owner', 'Administrator']],
  ['transfer ownership', ['products:transfer'], ['Owner']],
  ['delete the place', ['products:remove', 'organization:remove'], ['Owner']],
  ['create products of the organization', ['products:create'], ['Owner', 'Administrator', 'Developer']],
];

describe('roles', () => {
  const cells = MATRIX.flatMap(([action, scopes, who]) =>
    ROLES.map((role) => [role, who.includes(role), action, scopes] as const),
  );

  it.each(cells)('%s: %s to %s', (role, allowed, _action, scopes) => {
    expect(scopes.map((scope) => scopesOfRole[role].has(scope))).toEqual(scopes.map(() => allowed));
  });

  it('let the owner do everything', () => {
    for (const scope of SCOPES) expect(scopesOfRole.Owner.has(scope)).toBe(true);
  });

  it('are each stronger than the next', () => {
    for (const [index, role] of ROLES.entries()) {
      const weaker = ROLES[index + 1];
      if (weaker === undefined) continue;
      expect([...scopesOfRole[weaker]].filter((scope) => !scopesOfRole[role].has(scope))).toEqual([]);
      expect([strongerRole(role, weaker), strongerRole(weaker, role)]).toEqual([role, role]);
    }
    expect([strongerRole(undefined, 'Support'), strongerRole('Support', undefined)]).toEqual(['Support', 'Support']);
    expect(strongerRole(undefined, undefined)).toBeUndefined();
  });
});

describe('permissionsOf', () => {
  const tokenId = 't';
  const product = { kind: 'product' as const, role: 'Administrator' as const, productId: 1042, clientId: 'c', tokenId };

  it('is the role of an account', () => {
    const user = { kind: 'user' as const, userId: 'u', username: 'ann@example.net', tokenId, operator: true };
    expect(permissionsOf(user, 'Support')).toBe(scopesOfRole.Support);
    expect(permissionsOf(user, undefined).size).toBe(0);
  });

  it('is what a token of a product or an API user says', () => {
    expect(permissionsOf({ ...product, scopes: null }, undefined)).toBe(scopesOfRole.Administrator);
    expect(permissionsOf({ ...product, scopes: ['*:*'] }, undefined)).toBe(scopesOfRole.Administrator);
    expect([...permissionsOf({ ...product, scopes: ['customers:create'] }, undefined)]).toEqual(['customers:create']);
    const weaker = { ...product, role: 'Developer' as const };
    expect(permissionsOf({ ...weaker, scopes: null }, undefined)).toBe(scopesOfRole.Developer);
    expect(permissionsOf({ ...weaker, scopes: ['teams.users:invite'] }, undefined).size).toBe(0);
    const team = { teamKind: 'product' as const, teamId: '1042', scopes: ['devices:list'] };
    const robot = { kind: 'api_user' as const, apiUserId: 'a', username: 'r@api.x', ...team, tokenId };
    expect([...permissionsOf(robot, 'Owner')]).toEqual(['devices:list']);
  });

  it('is nothing for customers and the cloud itself', () => {
    const customer = { kind: 'customer' as const, customerId: 'c', username: 'x', productId: 1042, tokenId };
    expect(permissionsOf(customer, 'Owner').size).toBe(0);
    expect(permissionsOf({ kind: 'system' }, 'Owner').size).toBe(0);
  });
});

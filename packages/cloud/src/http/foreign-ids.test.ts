import { type Route, routes, SCOPES } from '@cloudchamber/contract';
import { minutes, seconds } from '@cloudchamber/kernel';
import { describeStores, VirtualClock } from '@cloudchamber/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EveryRoute, everyRoute } from '../../test/http/every-route.ts';
import {
  consumerGroupFor,
  OWN_VERSION,
  type TwoTenants,
  twoTenants,
  unknownLike,
} from '../../test/http/foreign-things.ts';
import { type Slot, slotsOf } from '../../test/http/named-fields.ts';
import type { Caller } from '../../test/http/tenants.ts';

/**
 * Where the API itself tells a foreign thing from an unknown one, with the two statuses: claiming (section 2.4 of the device notes), the import's
 * list of devices outside the team, e-mail addresses that have an account, and what a client says of itself to any browser.
 */
const TELLS: Readonly<Record<string, readonly [foreign: readonly number[], unknown: number]>> = {
  'createUser body username account': [[409], 200],
  'updateUser body username account': [[409], 200],
  'inviteToProductTeam body username account': [[200, 409], 404],
  'inviteToOrganizationTeam body username account': [[200, 409], 404],
  'claimDevice body id device': [[403], 404],
  'registerKey params deviceId device': [[403], 200],
  'importDevices body id device': [[200], 200],
  'importDevices body ids device': [[200], 200],
  'createClaimCode body iccid ICCID': [[409], 200],
  'createClaimCode body imei IMEI': [[409], 200],
  'createProductClaimCode body iccid ICCID': [[409], 200],
  'createProductClaimCode body imei IMEI': [[409], 200],
  'showConsent query client_id client': [[200], 400],
  'answerConsent body client_id client': [[400, 429], 400],
};

/** Says that a field is not well formed: whoever gets it has learned nothing, and tested nothing. */
const REFUSED_BY_PARSER = /"error_description":"(body|query|params)[.:]/;

/** What the reply says of an integration that was made just now. */
const NEW_EACH_TIME = /(?<="(id|hookUrl|integrationUrl|signing_secret|created_at|updated_at)":")[^"]+/g;

/** What may be written about the other tenant all the same: an invitation to it, a mail to it. */
const WRITES: Readonly<Record<string, readonly string[]>> = {
  inviteToProductTeam: ['team_members'],
  inviteToOrganizationTeam: ['team_members'],
  requestPasswordReset: ['mail_tokens'],
  // One's own integration says of which device it wants events: it gets them when the device is one's own.
  createIntegration: ['integrations'],
  createWebhook: ['integrations'],
};

const PUBLIC_KEY = `-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaxfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9Q==
-----END PUBLIC KEY-----
`;

const STREAM = 'text/event-stream';

const CASES = routes
  .map((route) => [route.operation, route, slotsOf(route)] as const)
  .filter(([, , slots]) => slots.length > 0);

describeStores('an id of another tenant', (open) => {
  const clock = new VirtualClock();
  let world: EveryRoute;
  let tenants: TwoTenants;
  let callers: readonly Caller[];
  let origin = '';
  let number = 0;
  beforeAll(async () => {
    world = await everyRoute({ store: await open({ clock }), clock });
    tenants = await twoTenants(world.server);
    origin = await world.server.fastify.listen({ host: '127.0.0.1', port: 0 });
    const { mine } = tenants;
    const stranger = await world.server.addUser('stranger@nowhere.example');
    callers = [
      { ...mine.owner, name: 'user' },
      { ...mine.member('Developer'), name: 'member of the organization' },
      mine.productDeveloper,
      mine.productToken,
      mine.customer,
      await mine.apiUser(SCOPES),
      { name: 'stranger', headers: stranger.headers },
      { name: 'nobody', headers: {} },
    ];
  });
  afterAll(() => world?.server.fastify.close());

  it('is written down in many tables, so that a change would show', async () => {
    const rows = await foreignRows();
    const filled = Object.keys(rows).filter((table) => (rows[table] ?? []).length > 0);
    expect(filled).toEqual(
      expect.arrayContaining(
        [
          'access_tokens api_users claim_codes consumer_groups customers data_operations deliveries device_groups device_transfers devices',
          'events integrations oauth_clients organizations products team_members users',
        ].flatMap((names) => names.split(' ')),
      ),
    );
  });

  describe.each(CASES)('%s', (operation, route, slots) => {
    it.each(slots.map((slot) => [`${slot.part} ${slot.field} ${slot.kind}`, slot] as const))(
      'answers for %s as for an unknown one, and changes nothing',
      async (label, slot) => {
        const before = await foreignRows(WRITES[operation]);
        let compared = 0;
        // A new window, so that no limit hides an answer; and the wrong passwords for the console don't block the same account here.
        clock.advance(operation === 'createToken' ? minutes(30) : seconds(route.limit?.seconds ?? 0));
        const isStreamsGroup = slot.kind === 'consumer group' && slot.part === 'query';
        const names = isStreamsGroup ? { name: consumerGroupFor(route) } : tenants.foreign[slot.kind];
        for (const [which, name] of Object.entries(names)) {
          for (const caller of callers) {
            const unknown = unknownLike(slot.kind, name, ++number);
            const foreignReply = await ask(route, caller, slot, name);
            const unknownReply = await ask(route, caller, slot, unknown);
            const told = TELLS[`${operation} ${label}`];
            if (told?.[0].includes(foreignReply.status) && unknownReply.status === told[1]) continue;
            expect({ which, by: caller.name, ...foreignReply }).toEqual({ which, by: caller.name, ...unknownReply });
            expect([caller.name, foreignReply.status, foreignReply.text]).toEqual([
              caller.name,
              expect.toSatisfy((status: number) => status < 500),
              expect.not.stringMatching(/@other\.example|other product|other robot|other shop/),
            ]);
            if (!REFUSED_BY_PARSER.test(foreignReply.text)) compared++;
          }
        }
        if (TELLS[`${operation} ${label}`] === undefined) expect(compared).toBeGreaterThan(0);
        expect(await foreignRows(WRITES[operation])).toEqual(before);
      },
    );
  });

  /** One request whose slot says `name`; everything else in it is the caller's own. The name itself doesn't stand in the reply. */
  async function ask(route: Route, caller: Caller, slot: Slot, name: string) {
    const request = requestFor(route, caller, slot, name);
    const reply = route.produces === STREAM ? await beginning(request) : await world.server.fastify.inject(request);
    const without = (text: string) =>
      [name, encodeURIComponent(name), name.toLowerCase()].reduce(
        (rest, one) => rest.replaceAll(one, '<it>'),
        text.replace(NEW_EACH_TIME, '<new>'),
      );
    return { status: reply.statusCode, text: without(reply.body), location: without(String(reply.headers.location)) };
  }

  /** A stream has no end: its status, and what it says first. */
  async function beginning({ url, headers }: ReturnType<typeof requestFor>) {
    const reply = await fetch(new URL(url, origin), { headers });
    const reader = reply.body?.pipeThrough(new TextDecoderStream()).getReader();
    const { value: body = '' } = (await reader?.read()) ?? {};
    await reader?.cancel();
    return { statusCode: reply.status, headers: Object.fromEntries(reply.headers), body };
  }

  function requestFor(route: Route, caller: Caller, slot: Slot, name: string) {
    const { mine, own } = tenants;
    const hook = own.hooks[route.access === 'product' || route.access === 'organization' ? route.access : 'account'];
    const ownNames: Readonly<Record<string, string>> = {
      productIdOrSlug: String(mine.productId),
      orgIdOrSlug: mine.organizationId,
      deviceId: mine.deviceId,
      groupName: route.tag === 'event groups' ? own.consumerGroup : own.group,
      integrationId: hook.id,
      deliveryId: hook.failedDelivery,
      email: own.customer,
      username: own.teamName,
      clientId: own.clientId,
      version: String(OWN_VERSION),
      rolloutId: own.rollout,
      connectionId: own.connection,
      teamKind: slot.kind === 'team of an organization' ? 'organization' : 'product',
      name: 'anything',
      '*': 'anything',
      ...(slot.part === 'params' && { [slot.field]: name }),
    };
    const path = route.path.replace(/:([A-Za-z]+)|\*/g, (_all, field: string | undefined) =>
      encodeURIComponent(ownNames[field ?? '*'] ?? 'x'),
    );
    const query = new URLSearchParams(route.tag === 'search' ? { text: 'zz' } : {});
    if (route.operation === 'getReleaseImpact') query.set('firmware_version', String(OWN_VERSION));
    if (slot.part === 'query') query.set(slot.field, name);
    if (route.operation === 'showConsent') query.set('response_type', 'code');
    const body = bodyFor(route, slot, name);
    return {
      method: route.method,
      url: `${path}?${query}`,
      headers: { ...caller.headers },
      ...(body !== undefined && { payload: body }),
    };
  }

  function bodyFor(route: Route, slot: Slot, name: string): object | undefined {
    if (route.body === undefined) return undefined;
    const { mine, own } = tenants;
    const example = Object.fromEntries(Object.entries(route.example?.body ?? {}));
    const client = { client_id: own.clientId, client_secret: own.clientSecret };
    const oneOrMore = slot.field === 'id' ? { ids: undefined } : { id: undefined };
    const mineInstead: Record<string, Record<string, unknown>> = {
      claimDevice: slot.field === 'product_id' ? { id: undefined } : {},
      registerKey: { publicKey: PUBLIC_KEY, deviceID: undefined },
      importDevices: slot.field === 'claim_user' ? { id: mine.ownDeviceId } : { id: undefined },
      changeDeviceGroups: { devices: [mine.deviceId], metadata: { add: [own.group] } },
      acknowledgeEvents: oneOrMore,
      acknowledgeProductEvents: oneOrMore,
      acknowledgeOrganizationEvents: oneOrMore,
      copyIntegration: { id: own.hooks.account.id, move: false },
      updateUser: { current_password: 'correct horse' },
      createCustomer: { ...client, no_password: true },
      requestCustomerReset: client,
      createToken:
        slot.field === 'username'
          ? { grant_type: 'password', client_id: 'particle', client_secret: 'particle', password: 'wrong horse' }
          : client,
      createConsoleSession: { password: 'wrong horse' },
      controlRollout: { action: 'rollback' },
      transferProduct: slot.field === 'user' ? { organization: undefined } : {},
    };
    const body = { ...example, ...mineInstead[route.operation] };
    if (slot.part !== 'body') return body;
    const [first = '', inner] = slot.field.split('.');
    if (first === 'steps') return { ...body, steps: [{ [inner ?? '']: [name] }] };
    if (inner !== undefined) return { ...body, [first]: { [inner]: [name] } };
    return { ...body, [first]: ['ids', 'devices', 'products', 'groups'].includes(first) ? [name] : name };
  }

  /** What the store holds of the other tenant, by table. The audit log tells of what was tried. */
  async function foreignRows(but: readonly string[] = []): Promise<Record<string, string[]>> {
    const { db } = world.server.ambient.store;
    await world.server.services.aside.settled();
    const rows: Record<string, string[]> = {};
    for (const table of TABLES.filter((name) => !but.includes(name))) {
      const found: object[] = await db.selectFrom(table).selectAll().execute();
      const theirs = found.filter((row) => Object.values(row).some((value) => tenants.foreignIds.has(String(value))));
      rows[table] = theirs.map((row) => JSON.stringify(row)).toSorted();
    }
    return rows;
  }
});

const TABLES = [
  'access_tokens',
  'api_users',
  'authorization_codes',
  'claim_codes',
  'connection_attempts',
  'consumer_groups',
  'customers',
  'data_operations',
  'deliveries',
  'device_group_members',
  'device_groups',
  'device_subscriptions',
  'device_transfers',
  'devices',
  'event_retention',
  'events',
  'firmware_releases',
  'firmware_updates',
  'integration_counters',
  'integration_logs',
  'integrations',
  'mail_tokens',
  'mfa_recovery_codes',
  'oauth_clients',
  'organizations',
  'product_firmware',
  'products',
  'quarantined_devices',
  'refresh_tokens',
  'rollout_devices',
  'rollout_timeline',
  'rollouts',
  'team_members',
  'users',
] as const;

import type { Route } from '@cloudchamber/contract';
import { z } from 'zod';
import type { Kind } from './foreign-things.ts';

type Part = 'params' | 'query' | 'body';

/** A place in a route's request that names something. */
export interface Slot {
  readonly part: Part;
  /** The name of the field; of one inside another its path with dots. */
  readonly field: string;
  readonly kind: Kind;
}

/** What a field names, wherever it stands in a request; for one operation, or for all of a tag, it may be said after that name. */
const NAMING: Readonly<Record<string, readonly Kind[]>> = {
  'params productIdOrSlug': ['product'],
  'params productId': ['product'],
  'params orgIdOrSlug': ['organization'],
  'params deviceId': ['device'],
  'params serialNumber': ['serial number'],
  'params groupName': ['group'],
  'params email': ['customer'],
  'params username': ['team name'],
  'params clientId': ['client'],
  'params transferId': ['transfer'],
  'params token': ['token id'],
  'params teamId': ['team of a product', 'team of an organization'],
  'params keyId': ['server key'],
  'params moduleId': [],
  'params mailId': ['mail'],
  'params iccid': ['ICCID'],
  'params integrationId': ['integration'],
  'params version': ['firmware version'],
  'params rolloutId': ['rollout'],
  'params deliveryId': ['delivery'],
  'params connectionId': ['connection'],
  'query deviceId': ['device'],
  'query serialNumber': ['serial number'],
  'query groups': ['group'],
  'query name': ['group'],
  'query group': ['consumer group'],
  'query device': ['device'],
  'query device_group': ['group'],
  'query firmware_version': ['firmware version'],
  'query firmwareVersion': ['firmware version'],
  'query prefix': ['text'],
  'query actor': ['account'],
  'query text': ['text'],
  'query search': ['text'],
  'query client_id': ['client'],
  'body id': ['device', 'serial number'],
  'body ids': ['device', 'serial number'],
  'body devices': ['device'],
  'body product_id': ['product'],
  'body iccid': ['ICCID'],
  'body imei': ['IMEI'],
  'body serial_number': ['serial number'],
  'body client_id': ['client'],
  'body email': ['customer'],
  'body username': ['account'],
  'body owner': ['account'],
  'body user': ['account'],
  'body claim_user': ['account'],
  'body organization': ['organization'],
  'body metadata.remove': ['group'],
  'body products': ['product'],
  'body deviceID': ['device'],
  'body version': ['firmware version'],
  'releaseProductFirmware body groups': ['group'],
  'createRollout body groups': ['group'],
  'createRollout body steps.groups': ['group'],
  'controlRollout body to': ['firmware version'],
  'body device_id': ['device'],
  'createToken body scope': ['customer by scope'],
  'createCustomer body email': [],
  'copyIntegration body id': ['integration'],
  'registerKey body deviceID': [],
  'data operations query group': [],
  'event groups params groupName': ['consumer group'],
  'event groups body id': ['event'],
  'event groups body ids': ['event'],
  'event groups body cursor': ['event'],
};

/** Fields that name nothing: secrets, which are authority by themselves, and plain values. */
const PLAIN: ReadonlySet<string> = new Set(
  `params: name teamKind *
query: tracking page perPage per_page token before operation request_transfer format algorithm host port force otp
  response_type redirect_uri scope state code_challenge code_challenge_method prompt deviceName sortAttr sortDir quarantined type
  from to by after limit cursor before order last_event_id ack until_end platform_id archived product_default action start_date end_date bucket_size product_fw
  device_os_version summary online development outcome address
body: password account_info first_name last_name company_name business_account token current_password
  invalidate_tokens mfa_token otp activation_code answer client_secret no_password grant_type response_type redirect_uri
  state request_transfer name notes signal firmware_updates_forced groups development desired_firmware_version flash arg
  args format publicKey algorithm filename order public_key platform_id data ttl private description color
  refresh_token code code_verifier scope expires_in expires_at type code_challenge code_challenge_method decision csrf action
  metadata add import_sims deny app settings location opt_in known_application quarantine unknown_devices role
  friendly_name scopes product integration_type event url requestType headers auth query form json body
  noDefaults rejectUnauthorized responseTemplate responseTopic errorResponseTopic unchunked dataUrlResponseEvent
  disabled mode signing_secret topic move source from to error cursor days title mandatory archived product_default
  intelligent steps percent count pause_minutes failure_threshold_percent deadline_minutes immediate`
    .split('\n')
    .reduce<{ part: string; fields: string[] }>(
      ({ part, fields }, line) => {
        const [, head, rest = ''] = /^(?:(\w+):)?\s*(.*)$/.exec(line) ?? [];
        const of = head ?? part;
        return { part: of, fields: [...fields, ...rest.split(/\s+/).map((name) => `${of} ${name}`)] };
      },
      { part: '', fields: [] },
    ).fields,
);

const PARTS: readonly Part[] = ['params', 'query', 'body'];

/** The places of a route's request that name something. @throws Error for a field of which nobody has said what it is. */
export function slotsOf(route: Route): Slot[] {
  return PARTS.flatMap((part) => {
    const schema = route[part];
    if (schema === undefined) return [];
    return fieldsOf(schema).flatMap((field) => {
      const here = `${part} ${field}`;
      const names = NAMING[`${route.operation} ${here}`] ?? NAMING[`${route.tag} ${here}`] ?? NAMING[here];
      if (names !== undefined) return names.map((kind) => ({ part, field, kind }));
      const [last = ''] = field.split('.').slice(-1);
      if (PLAIN.has(`${part} ${last}`)) return [];
      throw new Error(
        `say in NAMING what ${part} ${field} of ${route.operation} names, or in PLAIN that it names nothing`,
      );
    });
  });
}

const anySchema = z.looseObject({
  properties: z.record(z.string(), z.unknown()).optional(),
  anyOf: z.array(z.unknown()).optional(),
  oneOf: z.array(z.unknown()).optional(),
  allOf: z.array(z.unknown()).optional(),
  items: z.unknown().optional(),
});

/** The names of all fields of a schema, of inner ones with the path to them. */
function fieldsOf(schema: z.ZodType): string[] {
  return [...new Set(walk(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }), ''))];
}

function walk(schema: unknown, path: string): string[] {
  const { success, data } = anySchema.safeParse(schema);
  if (!success) return [];
  const { properties = {}, anyOf = [], oneOf = [], allOf = [], items } = data;
  const inner = [...anyOf, ...oneOf, ...allOf, items].flatMap((one) => walk(one, path));
  const own = Object.entries(properties).flatMap(([name, value]) => [path + name, ...walk(value, `${path}${name}.`)]);
  return [...own, ...inner];
}

import type { Access, RateLimit, Route } from '@cloudchamber/contract';
import { type ErrorExample, errorsOf } from './openapi-errors.ts';

/** The parts of an OpenAPI operation object that are changed here. */
export interface Operation {
  readonly operationId?: string;
  description?: string;
  requestBody?: { content?: Record<string, MediaType> };
  responses?: Record<string, Response>;
  [extension: `x-${string}`]: unknown;
}

interface MediaType {
  schema?: unknown;
  example?: unknown;
  examples?: Record<string, { readonly summary: string; readonly value: unknown }>;
}

interface Response {
  description: string;
  content?: Record<string, MediaType>;
}

/** Who may call, for programs and in words. A `product` is a token of the product itself. */
const CALLERS: Readonly<Record<Access, readonly [kinds: readonly string[], words: string]>> = {
  public: [[], 'Anybody may call this.'],
  basic: [['account'], 'For accounts: by e-mail and password (HTTP Basic) or a token.'],
  token: [['account', 'customer', 'product', 'api_user'], 'For any token.'],
  user: [['account'], 'For tokens of accounts.'],
  owner: [['account', 'customer'], 'For tokens of accounts, and of customers of a product.'],
  product: [['account', 'product', 'api_user'], 'For members of the product, its API users and its own tokens'],
  organization: [['account', 'api_user'], 'For members of the organization and its API users'],
  operator: [['operator'], 'For operators of this server.'],
};

const SUCCESS: Readonly<Record<string, string>> = {
  200: 'Done',
  201: 'Made',
  202: 'Accepted; it goes on by itself',
  204: 'Done; the reply has no body',
};

/** Completes what was made from the schemas of a route: who may call, examples, every refusal. Changes `operation`. */
export function describeOperation(operation: Operation, route: Route): void {
  const [callers, words] = CALLERS[route.access];
  const who = route.scope === undefined ? words : `${words}, with the permission \`${route.scope}\`.`;
  const limit = route.limit === undefined ? [] : [limitText(route.limit)];
  operation.description = [...(route.description === undefined ? [] : [route.description]), who, ...limit].join('\n\n');
  operation['x-callers'] = callers;
  if (route.scope !== undefined) operation['x-permission'] = route.scope;
  if (route.example?.body !== undefined) {
    for (const media of Object.values(operation.requestBody?.content ?? {})) media.example = route.example.body;
  }
  operation.responses = { ...successes(operation, route), ...refusals(errorsOf(route)) };
}

function limitText({ per, count, seconds }: RateLimit): string {
  const span = seconds % 3600 === 0 ? 'hour' : `${seconds / 60} minutes`;
  return `At most ${count} in ${span === 'hour' ? 'an hour' : span} from one ${per === 'user' ? 'caller' : 'address'}.`;
}

function successes({ responses = {} }: Operation, route: Route): Record<string, Response> {
  const made: Record<string, Response> = {};
  for (const [status, response] of Object.entries(responses)) {
    const description = SUCCESS[status];
    if (description === undefined) continue;
    made[status] = status === '204' ? { description } : { ...response, description };
    if (route.example?.response === undefined) continue;
    for (const media of Object.values(made[status].content ?? {})) media.example = route.example.response;
  }
  return made;
}

function refusals(errors: readonly ErrorExample[]): Record<string, Response> {
  const made: Record<string, Response> = {};
  for (const { status, means, body } of errors) {
    const known = made[status];
    const description = known === undefined ? means : `${known.description} ${means}`;
    const examples = { ...known?.content?.['application/json']?.examples };
    if (body !== undefined) examples[`${status}-${Object.keys(examples).length + 1}`] = { summary: means, value: body };
    const schema = { $ref: '#/components/schemas/Error' };
    const content = { 'application/json': { schema, examples } };
    made[status] = Object.keys(examples).length === 0 ? { description } : { description, content };
  }
  return made;
}

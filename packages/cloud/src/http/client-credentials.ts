import type { FastifyRequest } from 'fastify';
import type { ClientCredentials } from '../domain/accounts/index.ts';
import { basicCredentials } from './authenticate.ts';

/** Id and secret of an OAuth client as a request has them (RFC 6749 section 2.3.1): HTTP Basic first, then the fields of the form. */
export function clientCredentials(
  request: Pick<FastifyRequest, 'headers'>,
  body: { readonly client_id?: string | undefined; readonly client_secret?: string | undefined },
): ClientCredentials {
  const basic = basicCredentials(request);
  return basic === undefined
    ? { id: body.client_id, secret: body.client_secret, byHeader: false }
    : { id: basic.username, secret: basic.password, byHeader: true };
}

import { authenticateClient, type ClientCredentials, invalidClient } from '../accounts/index.ts';
import type { Ambient } from '../context.ts';
import { findProduct, type Product, type ProductContext } from '../products/index.ts';

/** Somebody who may make customers of a product and log them in. `enterWithClient`, `enterWithWebClient` and `customerPlace` are the only makers. */
export interface CustomerPlace {
  readonly product: Pick<Product, 'id' | 'name'>;
  /** The client that their tokens are given to. */
  readonly clientId: string;
}

/** The client of tokens that somebody of the product's team makes: their holder renews them with a built-in one. */
const TEAM_CLIENT = 'particle';

/** The place of somebody whom `enterProduct` has let in with `customers:create`. */
export function customerPlace({ product, actor }: ProductContext): CustomerPlace {
  return { product, clientId: actor.kind === 'product' ? actor.clientId : TEAM_CLIENT };
}

/**
 * Lets a client of the product in by its secret; each of its possible scopes includes making customers.
 * @throws DomainError `invalid_client`, also for the client of an account or of another product and for a product that there is not.
 */
export async function enterWithClient(
  ctx: Pick<Ambient, 'store'>,
  selector: string,
  credentials: ClientCredentials,
): Promise<CustomerPlace> {
  const client = await authenticateClient(ctx, credentials);
  const product = await findProduct(ctx.store.db, selector);
  if (product === undefined || client.productId !== product.id) throw invalidClient(credentials.byHeader);
  return { product, clientId: client.id };
}

/**
 * Names a web client of the product, which proves nothing: what comes of it goes to the client's own address only.
 * @param redirectUri where the request wants the browser sent; it must be the registered address
 * @throws DomainError `invalid_client`, alike for every client that is not a web client of this product with this address.
 */
export async function enterWithWebClient(
  ctx: Pick<Ambient, 'store'>,
  selector: string,
  { clientId, redirectUri = '' }: { readonly clientId: string; readonly redirectUri?: string | undefined },
): Promise<CustomerPlace & { readonly redirectUri: string }> {
  const named = { id: clientId, secret: undefined, byHeader: false };
  const client = await authenticateClient(ctx, named, { withoutSecret: true });
  const product = await findProduct(ctx.store.db, selector);
  const { webRedirect } = client;
  if (product === undefined || client.productId !== product.id || webRedirect === undefined) throw invalidClient(false);
  if (redirectUri !== '' && redirectUri !== webRedirect) throw invalidClient(false);
  return { product, clientId: client.id, redirectUri: webRedirect };
}

import { expect } from 'vitest';
import { clientOf, logIn, refusalOf } from '../../harness/api-client.ts';
import { type Methods, works } from './method.ts';
import { totp } from './totp.ts';
import { anonymous, asOAuthClient, newcomer, type World } from './world.ts';

const TOKEN = expect.stringMatching(/^[0-9a-f]{40}$/);

/** The token no longer works. */
async function expectRevoked(world: World, auth: string): Promise<void> {
  expect(await refusalOf(clientOf(world.server, { auth }).getUserInfo({}))).toMatchObject({ status: 401 });
}

/** Somebody with a second factor, and its secret. */
async function withSecondFactor(world: World) {
  const somebody = await newcomer(world);
  const { body } = await somebody.client.enableMfa({});
  const { mfa_token: mfaToken, secret } = body as unknown as { mfa_token: string; secret: string };
  const confirmed = await somebody.client.confirmMfa({ mfaToken, otp: totp(secret) });
  return { ...somebody, secret, confirmed: confirmed.body as unknown };
}

export const accountMethods: Methods = {
  login: works(async (world) => {
    const { body } = await anonymous(world).login(world.annAccount);
    expect(body).toMatchObject({
      access_token: TOKEN,
      token_type: 'bearer',
      expires_in: 7_776_000,
      refresh_token: TOKEN,
    });
  }),
  sendOtp: works(async (world) => {
    const { account, secret } = await withSecondFactor(world);
    const { status, body } = await refusalOf(anonymous(world).login(account));
    expect([status, body]).toMatchObject([403, { error: 'mfa_required', mfa_token: expect.stringMatching(/./) }]);
    const { mfa_token: mfaToken } = body as { mfa_token: string };
    const reply = await anonymous(world).sendOtp({ mfaToken, otp: totp(secret, 1) });
    expect(reply.body).toMatchObject({ access_token: TOKEN, token_type: 'bearer' });
  }),
  enableMfa: works(async (world) => {
    const { client } = await newcomer(world);
    const { body } = await client.enableMfa({});
    expect(body).toMatchObject({ mfa_token: expect.any(String), qr_url: expect.stringMatching(/^otpauth:\/\/totp\//) });
  }),
  confirmMfa: works(async (world) => {
    const { client, confirmed } = await withSecondFactor(world);
    expect(confirmed).toMatchObject({ enrolled: true });
    expect((await client.getUserInfo({})).body).toMatchObject({ mfa: { enabled: true } });
  }),
  disableMfa: works(async (world) => {
    const { client, account } = await withSecondFactor(world);
    await client.disableMfa({ currentPassword: account.password });
    expect((await anonymous(world).login(account)).body).toMatchObject({ access_token: TOKEN });
  }),
  createUser: works(async (world) => {
    const account = { username: 'Made@example.net', password: 'a long password' };
    const { body } = await anonymous(world).createUser({ ...account, accountInfo: { first_name: 'May' } });
    expect(body).toMatchObject({ ok: true });
    expect((await anonymous(world).login(account)).body).toMatchObject({ access_token: TOKEN });
  }),
  resetPassword: works(async (world) => {
    const known = await anonymous(world).resetPassword({ username: world.annAccount.username });
    const unknown = await anonymous(world).resetPassword({ username: 'nobody@example.net' });
    expect(known.body).toMatchObject({ ok: true });
    expect(unknown.body).toEqual(known.body);
  }),
  deleteAccessToken: works(async (world) => {
    const { body } = await anonymous(world).login(world.annAccount);
    await anonymous(world).deleteAccessToken({ token: body.access_token });
    await expectRevoked(world, body.access_token);
  }),
  deleteCurrentAccessToken: works(async (world) => {
    const { body } = await anonymous(world).login(world.annAccount);
    await anonymous(world).deleteCurrentAccessToken({ auth: body.access_token });
    await expectRevoked(world, body.access_token);
  }),
  deleteActiveAccessTokens: works(async (world) => {
    const { account } = await newcomer(world);
    const [one, two] = [await anonymous(world).login(account), await anonymous(world).login(account)];
    await anonymous(world).deleteActiveAccessTokens({ auth: one.body.access_token });
    await expectRevoked(world, one.body.access_token);
    await expectRevoked(world, two.body.access_token);
  }),
  deleteUser: works(async (world) => {
    const { client, account } = await newcomer(world);
    expect((await client.deleteUser({ password: account.password })).body).toMatchObject({ ok: true });
    expect(await refusalOf(anonymous(world).login(account))).toMatchObject({ status: 400 });
  }),
  trackingIdentity: works(async ({ ann, annAccount }) => {
    const { body } = await ann.trackingIdentity();
    expect(body).toEqual({ id: expect.stringMatching(/^[0-9a-f]{24}$/), email: annAccount.username });
    expect((await ann.trackingIdentity({ full: true })).body).toMatchObject({ email: annAccount.username });
  }),
  getUserInfo: works(async ({ ann, annAccount }) => {
    const { body } = await ann.getUserInfo({});
    expect(body).toMatchObject({ username: annAccount.username, mfa: { enabled: false } });
  }),
  setUserInfo: works(async (world) => {
    const { client } = await newcomer(world);
    await client.setUserInfo({ accountInfo: { first_name: 'Nora', last_name: 'Moss' } });
    expect((await client.getUserInfo({})).body).toMatchObject({
      account_info: { first_name: 'Nora', last_name: 'Moss' },
    });
  }),
  changeUsername: works(async (world) => {
    const { client, account } = await newcomer(world);
    const username = `moved-${account.username}`;
    await client.changeUsername({ username, currentPassword: account.password });
    expect((await client.getUserInfo({})).body).toMatchObject({ username });
    await logIn(world.server, { ...account, username });
  }),
  changeUserPassword: works(async (world) => {
    const { client, account } = await newcomer(world);
    const password = 'another long password';
    await client.changeUserPassword({ password, currentPassword: account.password, invalidateTokens: true });
    expect(await refusalOf(anonymous(world).login(account))).toMatchObject({ status: 400 });
    await logIn(world.server, { ...account, password });
  }),
};

/** A text on the wire, an object in the types of the client. */
const CREATES_CUSTOMERS = 'customers:create' as unknown as Record<string, string>;

/** Customers of a product, made by its OAuth client. */
export const customerMethods: Methods = {
  createCustomer: works(async (world) => {
    const { ann, product } = world;
    const made = await ann.createOAuthClient({ product, name: 'shop', type: 'installed', scope: CREATES_CUSTOMERS });
    const { client } = made.body as unknown as { client: { id: string; secret: string } };
    const shop = asOAuthClient(world, client.id, client.secret);
    const { body } = await shop.createCustomer({ product, email: 'cora@example.net', password: 'a long password' });
    expect(body).toMatchObject({ access_token: TOKEN, token_type: 'bearer', expires_in: 7_776_000 });
    const listed = await ann.get({ uri: `/v1/products/${product}/customers` });
    expect(listed.body).toMatchObject({ customers: [{ username: 'cora@example.net' }] });
  }),
};

/** OAuth clients of an account and of a product. */
export const clientMethods: Methods = {
  loginAsClientOwner: works(async (world) => {
    const { client } = await newcomer(world);
    const { body } = await client.createOAuthClient({ name: 'server', type: 'installed' });
    const made = (body as unknown as { client: { id: string; secret: string } }).client;
    const { body: token } = await asOAuthClient(world, made.id, made.secret).loginAsClientOwner();
    const owner = clientOf(world.server, { auth: token.access_token });
    expect((await owner.getUserInfo({})).body).toEqual((await client.getUserInfo({})).body);
  }),
  listOAuthClients: works(async ({ ann, product }) => {
    await ann.createOAuthClient({ name: 'mine', type: 'installed' });
    await ann.createOAuthClient({ product, name: 'ours', type: 'installed' });
    expect((await ann.listOAuthClients({})).body.clients).toContainEqual(expect.objectContaining({ name: 'mine' }));
    const ours = (await ann.listOAuthClients({ product })).body.clients;
    expect(ours).toContainEqual(expect.objectContaining({ name: 'ours' }));
    expect(ours).not.toContainEqual(expect.objectContaining({ name: 'mine' }));
  }),
  createOAuthClient: works(async ({ ann, product }) => {
    const web = { name: 'page', type: 'web', redirect_uri: 'https://shop.example.net/back' } as const;
    const { body } = await ann.createOAuthClient({ ...web, product });
    expect(body).toMatchObject({ ok: true, client: { ...web, id: expect.any(String), secret: expect.any(String) } });
  }),
  updateOAuthClient: works(async ({ ann, product }) => {
    for (const place of [{}, { product }]) {
      const { body } = await ann.createOAuthClient({ ...place, name: 'before', type: 'installed' });
      const clientId = (body as unknown as { client: { id: string } }).client.id;
      const changed = await ann.updateOAuthClient({ ...place, clientId, name: 'after', scope: CREATES_CUSTOMERS });
      expect(changed.body).toMatchObject({ id: clientId, name: 'after', scope: CREATES_CUSTOMERS });
    }
  }),
  deleteOAuthClient: works(async ({ ann, product }) => {
    for (const place of [{}, { product }]) {
      const { body } = await ann.createOAuthClient({ ...place, name: 'gone', type: 'installed' });
      await ann.deleteOAuthClient({ ...place, clientId: (body as unknown as { client: { id: string } }).client.id });
      const left = (await ann.listOAuthClients(place)).body.clients;
      expect(left).not.toContainEqual(expect.objectContaining({ name: 'gone' }));
    }
  }),
};

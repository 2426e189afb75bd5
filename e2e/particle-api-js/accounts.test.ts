import Particle from 'particle-api-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientOf, logIn, refusalOf, signUp } from '../harness/api-client.ts';
import { type CloudServer, startServer } from '../harness/cloud-server.ts';
import { eventually } from '../harness/eventually.ts';
import { RecordedStream } from '../harness/recorded-stream.ts';

const TOKEN = /^[0-9a-f]{40}$/;
const INVALID_TOKEN = {
  status: 401,
  body: { error: 'invalid_token', error_description: 'The access token provided is invalid.' },
};

let server: CloudServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.dispose());

describe('logging in', () => {
  it('gives a token for 90 days, which works', async () => {
    const client = clientOf(server);
    const { statusCode, body } = await client.login(server.operator);
    expect(statusCode).toBe(200);
    expect(body).toEqual({
      access_token: expect.stringMatching(TOKEN),
      token_type: 'bearer',
      expires_in: 7_776_000,
      refresh_token: expect.stringMatching(TOKEN),
    });
    const devices = await client.listDevices({ auth: body.access_token });
    expect(devices.body).toEqual([]);
  });

  it('gives a token that never expires when asked for it', async () => {
    const { body } = await clientOf(server).login({ ...server.operator, tokenDuration: 0 });
    expect(body.expires_in).toBe(0);
    const current = await clientOf(server, { auth: body.access_token }).get({ uri: '/v1/access_tokens/current' });
    expect(current.body).toMatchObject({ expires_at: null, client: 'particle-api', client_id: 'particle-api' });
  });

  it('refuses a wrong password and an unknown account alike', async () => {
    const wrong = {
      status: 400,
      body: { error: 'invalid_grant', error_description: 'User credentials are invalid' },
    };
    const client = clientOf(server);
    expect(await refusalOf(client.login({ ...server.operator, password: 'wrong' }))).toEqual(wrong);
    expect(await refusalOf(client.login({ username: 'nobody@example.net', password: 'wrong' }))).toEqual(wrong);
    await expect(client.login({ ...server.operator, password: 'wrong' })).rejects.toThrow(
      `HTTP error 400 from ${server.url}/oauth/token - User credentials are invalid`,
    );
  });

  it('refuses a client with a wrong secret', async () => {
    const stranger = new Particle({ baseUrl: server.url, clientId: 'particle-api', clientSecret: 'guess' });
    expect(await refusalOf(stranger.login(server.operator))).toEqual({
      status: 400,
      body: { error: 'invalid_client', error_description: 'Client credentials are invalid' },
    });
  });

  it('says what it misses when there is no token at all', async () => {
    const refusal = await refusalOf(clientOf(server).listDevices({}));
    expect(refusal).toEqual({
      status: 400,
      body: { error: 'invalid_request', error_description: 'The access token was not found' },
    });
  });
});

describe('accounts', () => {
  it('are made, and tell who they are', async () => {
    const account = { username: 'Ann@example.net', password: 'a long password' };
    const created = await clientOf(server).createUser({ ...account, accountInfo: { first_name: 'Ann' } });
    expect(created.body).toMatchObject({ ok: true });
    const client = await logIn(server, { ...account, username: 'ann@EXAMPLE.net' });
    const { body } = await client.getUserInfo({});
    expect(body).toMatchObject({
      username: 'ann@example.net',
      account_info: { first_name: 'Ann' },
      wifi_device_count: 0,
      cellular_device_count: 0,
    });
    const identity = await client.trackingIdentity();
    expect(identity.body).toEqual({ id: expect.stringMatching(/^[0-9a-f]{24}$/), email: 'ann@example.net' });
  });

  it('are not made twice, nor with a password that is too short', async () => {
    const account = { username: 'twice@example.net', password: 'a long password' };
    await signUp(server, account);
    expect((await refusalOf(signUp(server, account))).status).toBeGreaterThanOrEqual(400);
    const short = await refusalOf(
      clientOf(server).createUser({ ...account, username: 'b@example.net', password: 'short', accountInfo: {} }),
    );
    expect(short).toMatchObject({
      status: 400,
      body: { error: expect.any(String), error_description: expect.any(String) },
    });
  });
});

describe('tokens', () => {
  it('are listed for the account by its password', async () => {
    const account = { username: 'lists@example.net', password: 'a long password' };
    await signUp(server, account);
    const basic = Buffer.from(`${account.username}:${account.password}`).toString('base64');
    const { body } = await clientOf(server).get({
      uri: '/v1/access_tokens',
      headers: { Authorization: `Basic ${basic}` },
    });
    expect(body).toEqual([
      {
        token: expect.any(String),
        client: 'particle-api',
        created_at: expect.any(String),
        expires_at: expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/),
      },
    ]);
  });

  it('are revoked by whoever holds them, with no other proof', async () => {
    const { body } = await clientOf(server).login(server.operator);
    const client = clientOf(server, { auth: body.access_token });
    const deleted = await clientOf(server).deleteAccessToken({ token: body.access_token });
    expect(deleted.body).toEqual({ ok: true });
    expect(await refusalOf(client.listDevices({}))).toEqual(INVALID_TOKEN);
    expect((await refusalOf(clientOf(server).deleteAccessToken({ token: body.access_token }))).status).toBe(404);
  });

  it('are revoked by logging out, one or all of the account', async () => {
    const account = { username: 'leaves@example.net', password: 'a long password' };
    const first = await signUp(server, account);
    const second = await logIn(server, account);
    await second.deleteCurrentAccessToken({});
    expect(await refusalOf(second.listDevices({}))).toEqual(INVALID_TOKEN);
    const third = await logIn(server, account);
    await first.deleteActiveAccessTokens({});
    expect(await refusalOf(first.listDevices({}))).toEqual(INVALID_TOKEN);
    expect(await refusalOf(third.listDevices({}))).toEqual(INVALID_TOKEN);
  });

  it('stop working when they have expired, for requests and for streams', async () => {
    const { body } = await clientOf(server).login({ ...server.operator, tokenDuration: 1 });
    const client = clientOf(server, { auth: body.access_token });
    const stream = await RecordedStream.open(client, { deviceId: 'mine' });
    const refusal = await eventually('the token to expire', () => refusalOf(client.listDevices({})));
    expect(refusal).toEqual({
      status: 401,
      body: { error: 'invalid_token', error_description: 'The access token provided has expired.' },
    });
    await eventually('the stream to end', () => stream.disconnects > 0);
    stream.close();
  });

  it('end their streams when they are revoked', async () => {
    const { body } = await clientOf(server).login(server.operator);
    const client = clientOf(server, { auth: body.access_token });
    const stream = await RecordedStream.open(client, { deviceId: 'mine' });
    await client.deleteCurrentAccessToken({});
    await eventually('the stream to end', () => stream.disconnects > 0);
    stream.close();
    await expect(client.getEventStream({ deviceId: 'mine' })).rejects.toMatchObject({
      statusCode: 401,
      body: INVALID_TOKEN.body,
    });
  });
});

describe('OAuth clients', () => {
  it('log in for their owner, are changed and deleted', async () => {
    const owner = await logIn(server);
    const created = await owner.createOAuthClient({ name: 'My App', type: 'installed' });
    const { client: app } = created.body as unknown as { client: { id: string; secret: string } };
    expect(app).toEqual({
      name: 'My App',
      type: 'installed',
      id: expect.stringMatching(/^my-app-\d+$/),
      secret: expect.stringMatching(TOKEN),
    });
    const listed = await owner.listOAuthClients({});
    expect(listed.body).toEqual({ ok: true, clients: [{ name: 'My App', type: 'installed', id: app.id }] });

    const program = new Particle({ baseUrl: server.url, clientId: app.id, clientSecret: app.secret });
    const { body } = await program.loginAsClientOwner();
    expect(body).toMatchObject({ access_token: expect.stringMatching(TOKEN), token_type: 'bearer' });
    const who = await program.getUserInfo({ auth: body.access_token });
    expect(who.body).toMatchObject({ username: server.operator.username });

    const renamed = await owner.updateOAuthClient({ clientId: app.id, name: 'Their App' });
    expect(renamed.body).toMatchObject({ name: 'Their App', id: app.id });
    const deleted = await owner.deleteOAuthClient({ clientId: app.id });
    expect(deleted.statusCode).toBe(204);
    expect(await refusalOf(program.getUserInfo({ auth: body.access_token }))).toEqual(INVALID_TOKEN);
    expect((await refusalOf(program.loginAsClientOwner())).body).toMatchObject({ error: 'invalid_client' });
  });

  it('refresh their tokens, once for each', async () => {
    const owner = await logIn(server);
    const created = await owner.createOAuthClient({ name: 'Refreshing', type: 'installed' });
    const { client: app } = created.body as unknown as { client: { id: string; secret: string } };
    const program = new Particle({ baseUrl: server.url, clientId: app.id, clientSecret: app.secret });
    const first = (await program.login(server.operator)).body;
    const refresh = async (token = '') => {
      const form = { grant_type: 'refresh_token', refresh_token: token, client_id: app.id, client_secret: app.secret };
      const reply = await program.request({ method: 'post', uri: '/oauth/token', form });
      return (reply as { body: typeof first }).body;
    };
    const second = await refresh(first.refresh_token);
    expect(second.access_token).not.toBe(first.access_token);
    expect((await program.getUserInfo({ auth: second.access_token })).statusCode).toBe(200);
    expect(await refusalOf(program.getUserInfo({ auth: first.access_token }))).toEqual(INVALID_TOKEN);
    // Used twice: somebody else has it, so all that came of it is revoked.
    expect(await refusalOf(refresh(first.refresh_token))).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    });
    expect(await refusalOf(program.getUserInfo({ auth: second.access_token }))).toEqual(INVALID_TOKEN);
  });
});

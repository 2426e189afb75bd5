import { seconds, seededEntropy, silentLogger } from '@cloudchamber/kernel';
import { describeStores, VirtualClock } from '@cloudchamber/testkit';
import { expect, it } from 'vitest';
import { InProcessBus } from '../../bus/index.ts';
import { createSecretBox } from '../../store/index.ts';
import type { Ambient } from '../context.ts';
import { MemoryMailer } from '../mail/index.ts';
import { createAccountServices } from './account-services.ts';
import { createUser } from './create-user.ts';
import { issueToken } from './issue-token.ts';
import { revokePresentedToken } from './revoke-tokens.ts';
import { TokenDirectory } from './token-directory.ts';
import { tokensTopic } from './token-topic.ts';

describeStores('TokenDirectory', (open) => {
  async function setUp() {
    const clock = new VirtualClock();
    const ctx: Ambient = { store: await open({ clock }), clock, entropy: seededEntropy(3), log: silentLogger };
    const passwords = { cost: { memoryKib: 8, passes: 1, lanes: 1 } };
    const bus = new InProcessBus(silentLogger);
    const services = createAccountServices(ctx, {
      bus,
      signup: 'open',
      passwords,
      mailer: new MemoryMailer(),
      secrets: createSecretBox(ctx.entropy.bytes(32), ctx.entropy),
      publicUrl: 'http://cloud.test',
    });
    const user = await createUser(ctx, services, { username: 'ann@example.net', password: 'correct horse' });
    const request = {
      subject: { kind: 'user' as const, id: user.id },
      clientId: 'particle',
      lifetimeSeconds: 0,
      withRefresh: false,
    };
    const token = await issueToken(ctx, ctx.store.db, request);
    return { clock, ctx, bus, services, user, token };
  }

  it('finds a token without asking the store again for 30 seconds', async () => {
    const { clock, ctx, services, user, token } = await setUp();
    expect(await services.tokens.find(token.accessToken)).toMatchObject({
      actor: { kind: 'user', userId: user.id, username: 'ann@example.net', tokenId: token.tokenId, operator: false },
      expiresAt: null,
    });
    await ctx.store.db.deleteFrom('access_tokens').execute();
    clock.advance(seconds(29));
    expect(await services.tokens.find(token.accessToken)).toBeDefined();
    clock.advance(seconds(1));
    expect(await services.tokens.find(token.accessToken)).toBeUndefined();
  });

  it('drops a revoked token at once', async () => {
    const { ctx, services, token } = await setUp();
    await services.tokens.find(token.accessToken);
    await revokePresentedToken(ctx, services, token.accessToken);
    expect(await services.tokens.find(token.accessToken)).toBeUndefined();
  });

  it('hears of revocations elsewhere over the bus', async () => {
    const { clock, ctx, bus, user, token } = await setUp();
    const other = new TokenDirectory(ctx.store, clock, bus);
    await other.find(token.accessToken);
    await ctx.store.db.deleteFrom('access_tokens').execute();
    bus.publish(tokensTopic, { subjectId: user.id, tokenIds: [token.tokenId] });
    await clock.settle();
    expect(await other.find(token.accessToken)).toBeUndefined();
    other.close();
  });

  it('does not remember what a look-up found while the token was being revoked', async () => {
    const { ctx, services, token } = await setUp();
    const looking = services.tokens.find(token.accessToken);
    await Promise.all([looking, revokePresentedToken(ctx, services, token.accessToken)]);
    expect(await services.tokens.find(token.accessToken)).toBeUndefined();
  });
});

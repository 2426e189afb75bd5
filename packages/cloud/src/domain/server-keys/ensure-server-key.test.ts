import { seededEntropy, systemClock } from '@cloudchamber/kernel';
import { describeStores } from '@cloudchamber/testkit';
import { spkiFromPem } from '@cloudchamber/wire';
import { expect, it } from 'vitest';
import { createSecretBox } from '../../store/index.ts';
import { ensureServerKey, publicKeyPem } from './index.ts';

const entropy = seededEntropy(5);
const secrets = createSecretBox(entropy.bytes(32), entropy);

describeStores('server key', (open) => {
  it('is made once and is the same ever after', async () => {
    const store = await open();
    const ctx = { store, clock: systemClock, entropy, secrets };
    const [first, beside] = await Promise.all([ensureServerKey(ctx), ensureServerKey(ctx)]);
    expect(beside?.spki).toEqual(first?.spki);
    expect((await ensureServerKey(ctx)).spki).toEqual(first?.spki);
    expect(spkiFromPem(publicKeyPem(first?.spki ?? new Uint8Array()))).toEqual(first?.spki);
  });

  it('is stored sealed, and another secret cannot read it', async () => {
    const store = await open();
    await ensureServerKey({ store, clock: systemClock, entropy, secrets });
    const [row] = await store.db.selectFrom('server_keys').selectAll().execute();
    expect(Buffer.from(row?.sealed_private_key ?? []).includes('PRIVATE KEY')).toBe(false);
    const others = createSecretBox(entropy.bytes(32), entropy);
    await expect(ensureServerKey({ store, clock: systemClock, entropy, secrets: others })).rejects.toMatchObject({
      code: 'secret.unreadable',
    });
  });
});

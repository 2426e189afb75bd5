import { ApiError } from '@cloudchamber/contract/client';
import { describe, expect, it } from 'vitest';
import { inOrganization, inProduct } from './find-product.ts';

const refused = (message: string, status = 403) => Promise.reject(new ApiError(message, { status }));

describe('inProduct', () => {
  it('gives what the call gives', async () => {
    expect(await inProduct('lamp', Promise.resolve(7))).toBe(7);
  });

  it('words the refusal of a product that is unknown or foreign', async () => {
    await expect(inProduct('lamp', refused('Permission denied'))).rejects.toMatchObject({
      kind: 'not-found',
      message: 'There is no product "lamp" that you can see',
      next: 'See "chamber product list".',
    });
  });

  it('leaves other refusals alone: of a role, and of what is in the product', async () => {
    const weak = 'Permission denied: View-only does not include devices:import';
    await expect(inProduct('lamp', refused(weak))).rejects.toMatchObject({ name: 'ApiError', message: weak });
    const gone = 'Device not found';
    await expect(inProduct('lamp', refused(gone, 404))).rejects.toMatchObject({ name: 'ApiError', message: gone });
    await expect(inProduct('lamp', refused('Permission denied', 401))).rejects.toMatchObject({ name: 'ApiError' });
  });
});

describe('inOrganization', () => {
  it('words the refusal of an organization', async () => {
    await expect(inOrganization('acme', refused('Permission denied'))).rejects.toMatchObject({
      kind: 'not-found',
      message: 'There is no organization "acme" that you can see',
    });
  });
});

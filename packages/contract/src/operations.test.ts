import { describe, expect, it } from 'vitest';
import { operations } from './operations.ts';
import { routes } from './routes.ts';

describe('operations', () => {
  it('has each route under the name of its operation', () => {
    for (const [name, route] of Object.entries(operations)) expect(route.operation).toBe(name);
  });

  it('leaves out only the older routes of webhooks', () => {
    const left = routes.filter(({ operation }) => !(operation in operations)).map(({ path }) => path);
    for (const path of left) expect(path).toContain('/webhooks');
  });
});

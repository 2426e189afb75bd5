import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { routes } from './routes.ts';

describe('routes', () => {
  it('are unique by operation, and by method and path', () => {
    expect(new Set(routes.map((route) => route.operation)).size).toBe(routes.length);
    const shapes = routes.map((route) => `${route.method} ${route.path.replace(/:[^/]+/g, ':')}`);
    expect(new Set(shapes).size).toBe(routes.length);
  });

  it.each(routes.map((route) => [route.operation, route] as const))('%s is whole', (_operation, route) => {
    expect(route.path).toMatch(/^\/[a-z]/);
    expect(route.path).not.toMatch(/\/$/);
    expect(route.summary).not.toBe('');
    expect(Object.keys(route.responses).length).toBeGreaterThan(0);
    const named = [...route.path.matchAll(/:([A-Za-z]+)|(\*)/g)].map(([, name, rest]) => name ?? rest);
    const declared = route.params instanceof z.ZodObject ? Object.keys(route.params.shape) : [];
    expect(declared.toSorted()).toEqual(named.toSorted());
    expect(route.scope !== undefined).toBe(['product', 'organization'].includes(route.access));
  });
});

import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Route } from './define-route.ts';
import { routes } from './routes.ts';

/** The schema of a JSON success body, where a route has one. */
function successOf(route: Route): z.ZodType | undefined {
  if (route.produces !== undefined) return undefined;
  const { 200: ok, 201: made, 202: accepted } = route.responses;
  return ok ?? made ?? accepted;
}

describe('examples of routes', () => {
  it.each(routes.flatMap((route) => (route.body ? [[route.operation, route, route.body] as const] : [])))(
    '%s shows a body that it takes',
    (_operation, route, body) => {
      expect(route.example).toHaveProperty('body');
      expect(body.safeParse(route.example?.body).error).toBeUndefined();
    },
  );

  const answering = routes.flatMap((route) => {
    const success = successOf(route);
    return success === undefined ? [] : [[route.operation, route, success] as const];
  });

  it.each(answering)('%s shows a reply that it may give', (_operation, route, success) => {
    expect(route.example).toHaveProperty('response');
    expect(z.safeEncode(success, route.example?.response).error).toBeUndefined();
  });

  it.each(routes.map((route) => [route.operation, route] as const))(
    '%s shows nothing that is not there',
    (_operation, route) => {
      if (route.body === undefined) expect(route.example?.body).toBeUndefined();
      const shown = route.example?.response;
      if (successOf(route) === undefined && shown !== undefined) expect(shown).toEqual(expect.any(String));
    },
  );
});

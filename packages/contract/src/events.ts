import type { Route } from './define-route.ts';

export const eventRoutes: Record<string, Route> = {};

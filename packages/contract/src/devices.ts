import type { Route } from './define-route.ts';

export const deviceRoutes: Record<string, Route> = {};

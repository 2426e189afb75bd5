export { accountRoutes } from './accounts.ts';
export type { Access, Method, ResponseBody, Responses, Route } from './define-route.ts';
export { defineRoute } from './define-route.ts';
export { deviceRoutes } from './devices.ts';
export { eventRoutes } from './events.ts';
export { booleanField, errorBody, integerField, okBody, timestampField } from './fields.ts';
export { routes } from './routes.ts';
export { serviceRoutes } from './service.ts';
export { formatTimestamp, parseTimestamp } from './timestamps.ts';

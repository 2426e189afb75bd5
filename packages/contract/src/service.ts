import { z } from 'zod';
import { defineRoute } from './define-route.ts';

const tag = 'service';

const getHealth = defineRoute({
  operation: 'getHealth',
  tag,
  method: 'GET',
  path: '/healthz',
  summary: 'The process runs',
  access: 'public',
  responses: { 200: z.object({ ok: z.literal(true) }) },
  example: { response: { ok: true } },
});

const getReadiness = defineRoute({
  operation: 'getReadiness',
  tag,
  method: 'GET',
  path: '/readyz',
  summary: 'Devices and people can connect',
  description: '503 while one of the checks fails; each is `ok` or says what is wrong.',
  access: 'public',
  responses: { 200: z.object({ ok: z.literal(true), checks: z.record(z.string(), z.string()) }) },
  errors: { 503: 'A check fails.' },
  example: { response: { ok: true, checks: { store: 'ok' } } },
});

const getMetrics = defineRoute({
  operation: 'getMetrics',
  tag,
  method: 'GET',
  path: '/metrics',
  summary: 'Figures for Prometheus',
  access: 'public',
  produces: 'text/plain',
  responses: { 200: z.string() },
});

export const serviceRoutes = { getHealth, getReadiness, getMetrics };

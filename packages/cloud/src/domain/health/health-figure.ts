import { minutes } from '@cloudchamber/kernel';

/** Figures are kept for each quarter of an hour in UTC, ms. */
export const QUARTER = minutes(15);

/** What is counted of a product's devices, and what can come of each (section 10 of the product notes). */
export const OUTCOMES = {
  events: ['received'],
  functions: ['success', 'failure', 'offline'],
  variables: ['success', 'failure', 'offline'],
  integrations: ['success', 'failure', 'sleep'],
} as const;

export type HealthKind = keyof typeof OUTCOMES;
type Outcome = (typeof OUTCOMES)[HealthKind][number];

/** One of the figures that are counted. */
export interface Figure {
  readonly kind: HealthKind;
  readonly outcome: Outcome;
}

const figure = (kind: HealthKind, outcome: Outcome): Figure => ({ kind, outcome });

/** Every figure once: counting looks them up by identity. */
export const FIGURES = {
  eventReceived: figure('events', 'received'),
  functionSuccess: figure('functions', 'success'),
  functionFailure: figure('functions', 'failure'),
  functionOffline: figure('functions', 'offline'),
  variableSuccess: figure('variables', 'success'),
  variableFailure: figure('variables', 'failure'),
  variableOffline: figure('variables', 'offline'),
  integrationSuccess: figure('integrations', 'success'),
  integrationFailure: figure('integrations', 'failure'),
  integrationSleep: figure('integrations', 'sleep'),
} as const;

/** A count that is to be stored. */
export interface HealthCount extends Figure {
  readonly productId: number;
  /** Empty for what no device did. */
  readonly deviceId: string;
  /** Begin of the quarter, ms UTC. */
  readonly bucket: number;
  readonly count: number;
}

import type { Bus } from '../../bus/index.ts';
import type { Ambient } from '../context.ts';

/** What every change of a rollout takes. */
export type RolloutParts = Pick<Ambient, 'store' | 'clock' | 'log'> & { readonly bus: Bus };

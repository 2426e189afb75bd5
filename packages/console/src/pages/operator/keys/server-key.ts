import type { Output } from '@cloudchamber/contract';

/** A key of the cloud itself. */
export type ServerKey = Output<'listServerKeys'>['keys'][number];

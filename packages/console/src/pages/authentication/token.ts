import type { Output } from '@cloudchamber/contract';

export type Token = Output<'listTokens'>[number];

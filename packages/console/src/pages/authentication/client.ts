import type { Output } from '@cloudchamber/contract';

export type Client = Output<'listClients'>['clients'][number];
/** A client that was just made; its secret stands nowhere else. */
export type NewClient = Output<'createClient'>['client'];

import type { Output } from '@cloudchamber/contract';

export type Invitation = Output<'listInvitations'>['invitations'][number];

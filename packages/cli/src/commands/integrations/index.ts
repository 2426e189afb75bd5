import type { Command } from '../../program/define-command.ts';

export const integrationsCommands: readonly Command[] = [];

import type { Logger } from '@cloudchamber/kernel';
import type { ServerMessage } from '@cloudchamber/wire';
import type { Application } from '../application.ts';
import type { Connection } from '../connection.ts';
import type { DescribeAnswers } from '../describe-answers.ts';
import type { FirmwareUpdater } from '../firmware/firmware-updater.ts';
import type { UpdateRules } from '../firmware/update-rules.ts';

/** What the handlers of the server's requests may do. */
export interface RequestContext {
  readonly connection: Pick<Connection, 'acknowledge' | 'respond' | 'end' | 'greet' | 'idOfAck' | 'reliable'>;
  readonly application: Application;
  readonly describe: DescribeAnswers;
  readonly log: Logger;
  /** The rainbow LED (protocol section 6.6). */
  readonly signal: (on: boolean) => void;
  readonly updater: FirmwareUpdater;
  readonly rules: UpdateRules;
  /** The cloud has claimed the device: its code is used up. */
  readonly claimed: () => void;
  /** Counts what reached the application. */
  readonly count: (what: 'calls' | 'reads' | 'events') => void;
}

/** A request of one kind. */
export type RequestOf<Kind extends ServerMessage['kind']> = Extract<ServerMessage, { kind: Kind }>;

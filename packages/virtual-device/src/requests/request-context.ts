import type { Logger } from '@cloudchamber/kernel';
import type { CoapMessage, ServerMessage } from '@cloudchamber/wire';
import type { Application } from '../application.ts';
import type { DescribeAnswers } from '../describe-answers.ts';
import type { MessageBuilder } from '../outgoing.ts';

/** What the handlers of the server's requests may do. */
export interface RequestContext {
  readonly application: Application;
  readonly describe: DescribeAnswers;
  readonly log: Logger;
  /** Sends the ACK of a message, and again for each repeat of it. */
  acknowledge(message: CoapMessage, ack: Uint8Array): void;
  /** Sends a response by itself, as a CON (protocol section 6). */
  respond(build: MessageBuilder): void;
  /** The rainbow LED (protocol section 6.6). */
  signal(on: boolean): void;
  /** Counts what reached the application. */
  count(what: 'calls' | 'reads' | 'events'): void;
  end(end: 'discarded' | 'protocol_error'): void;
}

/** A request of one kind. */
export type RequestOf<Kind extends ServerMessage['kind']> = Extract<ServerMessage, { kind: Kind }>;

import type { Logger } from '@cloudchamber/kernel';
import { errorMessage } from '@cloudchamber/kernel';
import type { Bus, Topic } from './bus.ts';

type Handler = (message: unknown) => void;

interface Waiting {
  readonly topic: string;
  readonly message: unknown;
}

/** The bus of a program that is one process. A handler that throws is logged and stops nobody else. */
export class InProcessBus implements Bus {
  readonly #log: Logger;
  readonly #handlers = new Map<string, Set<Handler>>();
  #waiting: Waiting[] = [];

  constructor(log: Logger) {
    this.#log = log;
  }

  publish<Message>(topic: Topic<Message>, message: Message): void {
    if (!this.#handlers.has(topic.name)) return;
    this.#waiting.push({ topic: topic.name, message });
    if (this.#waiting.length === 1) queueMicrotask(() => this.#deliver());
  }

  subscribe<Message>(topic: Topic<Message>, handler: (message: Message) => void): () => void {
    const { name } = topic;
    const handlers = this.#handlers.get(name) ?? new Set<Handler>();
    this.#handlers.set(name, handlers);
    // Wrapped, so that the same function subscribed twice is two subscriptions.
    const entry: Handler = (message) => handler(message as Message);
    handlers.add(entry);
    return () => {
      handlers.delete(entry);
      if (handlers.size === 0 && this.#handlers.get(name) === handlers) this.#handlers.delete(name);
    };
  }

  #deliver(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { topic, message } of waiting) {
      for (const handler of this.#handlers.get(topic) ?? []) this.#call(topic, handler, message);
    }
  }

  #call(topic: string, handler: Handler, message: unknown): void {
    try {
      handler(message);
    } catch (error) {
      this.#log.error({ topic, error: errorMessage(error) }, 'a bus handler failed');
    }
  }
}

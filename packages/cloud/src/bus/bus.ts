declare const messageType: unique symbol;

/** A name on the bus together with the type of what is said there. Make one with `defineTopic`, beside the domain that publishes it. */
export interface Topic<Message> {
  readonly name: string;
  readonly [messageType]?: Message;
}

/**
 * A topic for messages that survive structured cloning: plain objects, numbers, strings, `Uint8Array`.
 * @param name unique in the program, such as `tokens`.
 */
export function defineTopic<Message>(name: string): Topic<Message> {
  return { name };
}

/**
 * Tells whoever listens, now: live events and cache invalidation (design section 5). Nothing is kept: a message that is lost may delay,
 * but what must not be lost is in the store.
 */
export interface Bus {
  /** Returns at once; handlers run after the caller's turn, and a subscriber sees the messages of one publisher in order. */
  publish<Message>(topic: Topic<Message>, message: Message): void;
  /** Calls `handler` for every message from now on. @returns a function that ends this; calling it twice is harmless. */
  subscribe<Message>(topic: Topic<Message>, handler: (message: Message) => void): () => void;
}

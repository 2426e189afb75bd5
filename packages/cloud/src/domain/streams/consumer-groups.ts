import { errorMessage } from '@cloudchamber/kernel';
import type { Bus } from '../../bus/index.ts';
import type { StreamFilter, StreamPlace } from '../events/index.ts';
import { productChanges } from '../products/index.ts';
import { checkPosition, newestPosition } from './check-position.ts';
import {
  type AcknowledgeMode,
  type ConsumerGroup,
  type ConsumerGroupView,
  type GroupKey,
  keyTextOf,
  MOST_READERS,
} from './consumer-group.ts';
import { otherFilter, tooManyGroups, tooManyReaders, unknownGroup } from './consumer-group-errors.ts';
import {
  deleteGroup,
  deleteGroupsOf,
  deleteOrphans,
  findGroup,
  findGroups,
  insertGroup,
} from './consumer-group-store.ts';
import type { EventReader, RunningFeed, StreamFeed } from './event-reader.ts';
import { GROUP_DELETED, GroupDispatcher, type GroupParts } from './group-dispatcher.ts';
import { countPassing } from './stream-log-store.ts';

/** A group that somebody uses now: its readers, and requests about it. */
interface Use {
  readonly key: GroupKey;
  /** Undefined when there is no such group. */
  readonly dispatcher: Promise<GroupDispatcher | undefined>;
  users: number;
}

const MOST_COUNTED = 1000;

/**
 * The consumer groups of this process (PUB-01): readers that share the events of a place, each event for one of them at a time, until it is acknowledged.
 * What is acknowledged is durable when the verb resolves. Delivery is at least once: what a reader that went has not acknowledged is given to another.
 */
export class ConsumerGroups {
  readonly #parts: GroupParts;
  readonly #uses = new Map<string, Use>();
  /** Releases under way. */
  readonly #ending = new Set<Promise<void>>();
  readonly #unsubscribe: () => void;

  constructor(parts: GroupParts, bus: Bus) {
    this.#parts = parts;
    this.#unsubscribe = bus.subscribe(productChanges, ({ productId, what }) => {
      if (what === 'removed') this.#track(this.#removeAllOf({ kind: 'product', id: productId }));
    });
  }

  /** Deletes what is left of places that are gone. */
  async tidy(): Promise<void> {
    await deleteOrphans(this.#parts.store.db);
  }

  /**
   * For a stream of the group, which begins with its first: at `after`, else with what happens from now on. Later readers find it where it stands.
   * @throws DomainError `event_group.other_filter`, `event_group.too_many`, `too_many_requests`, `event.unknown_id`.
   */
  async feed(key: GroupKey, filter: StreamFilter, options: FeedOptions): Promise<StreamFeed> {
    const { store, clock } = this.#parts;
    let group = await findGroup(store.db, key);
    if (group === undefined) {
      if (options.after !== undefined) await checkPosition(store, options.after);
      const through = options.after ?? (await newestPosition(store));
      if (!(await insertGroup(store.db, key, { filter, through, at: clock.now() }))) throw tooManyGroups();
      group = await findGroup(store.db, key);
    }
    if (group !== undefined && !isSameFilter(group.filter, filter)) throw otherFilter(key.name);
    const readers = (await this.#uses.get(keyTextOf(key))?.dispatcher)?.readers ?? 0;
    if (readers >= MOST_READERS) throw tooManyReaders();
    return (reader) => this.#join(key, reader, options.mode);
  }

  /** The groups of a place, by name. */
  async list(place: StreamPlace): Promise<ConsumerGroupView[]> {
    const views: ConsumerGroupView[] = [];
    for (const group of await findGroups(this.#parts.store.db, place)) {
      views.push(await this.#view({ place, name: group.name }, group));
    }
    return views;
  }

  /** @throws DomainError `event_group.not_found` */
  async get(key: GroupKey): Promise<ConsumerGroupView> {
    const group = await findGroup(this.#parts.store.db, key);
    if (group === undefined) throw unknownGroup();
    return this.#view(key, group);
  }

  /**
   * Acknowledges events that readers of the group were given. Those that were acknowledged before, or not given out, change nothing.
   * @param sequences of at most 1,000 events
   * @returns how many were waiting for it
   * @throws DomainError `event_group.not_found`
   */
  acknowledge(key: GroupKey, sequences: readonly number[]): Promise<number> {
    return this.#with(key, (dispatcher) => dispatcher.acknowledge(sequences));
  }

  /**
   * Lets the group go on behind an event, back or forth; what was given out before counts as acknowledged.
   * @throws DomainError `event_group.not_found`, `event.unknown_id`
   */
  async reset(key: GroupKey, after: number): Promise<ConsumerGroupView> {
    await checkPosition(this.#parts.store, after);
    await this.#with(key, (dispatcher) => dispatcher.reset(after));
    return this.get(key);
  }

  /** Deletes the group; its streams end. @throws DomainError `event_group.not_found` */
  async remove(key: GroupKey): Promise<void> {
    if (!(await deleteGroup(this.#parts.store.db, key))) throw unknownGroup();
    await this.#endUse(key);
  }

  /** Resolves when everything is saved; streams have ended by then. */
  async close(): Promise<void> {
    this.#unsubscribe();
    for (const { dispatcher } of this.#uses.values()) {
      await dispatcher.then((one) => one?.settle()).catch(() => undefined);
    }
    await Promise.all(this.#ending);
  }

  #join(key: GroupKey, reader: EventReader, mode: AcknowledgeMode): RunningFeed {
    const use = this.#use(key);
    let leave: (() => void) | undefined;
    let stopped = false;
    use.dispatcher.then(
      (dispatcher) => {
        if (dispatcher === undefined) reader.end(GROUP_DELETED);
        else if (!stopped) leave = dispatcher.join(reader, mode);
      },
      () => reader.end('closed: the consumer group cannot be read now; come back later'),
    );
    return {
      position: () => 0,
      stop: () => {
        if (stopped) return;
        stopped = true;
        leave?.();
        this.#release(use);
      },
    };
  }

  async #with<T>(key: GroupKey, work: (dispatcher: GroupDispatcher) => Promise<T>): Promise<T> {
    const use = this.#use(key);
    try {
      const dispatcher = await use.dispatcher;
      if (dispatcher === undefined) throw unknownGroup();
      return await work(dispatcher);
    } finally {
      this.#release(use);
    }
  }

  #use(key: GroupKey): Use {
    const text = keyTextOf(key);
    const use = this.#uses.get(text) ?? { key, dispatcher: this.#open(key), users: 0 };
    this.#uses.set(text, use);
    use.users += 1;
    return use;
  }

  async #open(key: GroupKey): Promise<GroupDispatcher | undefined> {
    const group = await findGroup(this.#parts.store.db, key);
    return group && new GroupDispatcher(key, group, this.#parts);
  }

  #release(use: Use): void {
    use.users -= 1;
    if (use.users === 0) this.#track(this.#letGo(use));
  }

  /** Saves and forgets a group, unless somebody has come for it meanwhile. */
  async #letGo(use: Use): Promise<void> {
    const dispatcher = await use.dispatcher.catch(() => undefined);
    await dispatcher?.settle().catch(() => undefined);
    if (use.users > 0) return;
    dispatcher?.end(GROUP_DELETED);
    const text = keyTextOf(use.key);
    if (this.#uses.get(text) === use) this.#uses.delete(text);
  }

  async #endUse(key: GroupKey): Promise<void> {
    const text = keyTextOf(key);
    const use = this.#uses.get(text);
    this.#uses.delete(text);
    (await use?.dispatcher)?.end(GROUP_DELETED);
  }

  async #removeAllOf(place: StreamPlace): Promise<void> {
    try {
      await deleteGroupsOf(this.#parts.store.db, place);
      const { kind, id } = place;
      for (const { key } of [...this.#uses.values()]) {
        if (key.place.kind === kind && key.place.id === id) await this.#endUse(key);
      }
    } catch (error) {
      this.#parts.log.warn(
        { error: errorMessage(error) },
        'consumer groups were not deleted; the next start tries again',
      );
    }
  }

  #track(work: Promise<void>): void {
    this.#ending.add(work);
    void work.finally(() => this.#ending.delete(work));
  }

  async #view(key: GroupKey, stored: ConsumerGroup): Promise<ConsumerGroupView> {
    const dispatcher = await this.#uses.get(keyTextOf(key))?.dispatcher;
    const group = dispatcher?.state ?? stored;
    const { filter, through, unacknowledged } = group;
    const waiting = await countPassing(this.#parts.store.history, filter, { after: through, most: MOST_COUNTED });
    const [oldest] = unacknowledged;
    return {
      ...group,
      readers: dispatcher?.readers ?? 0,
      cursor: oldest === undefined ? through : oldest - 1,
      lag: unacknowledged.length + waiting,
    };
  }
}

export interface FeedOptions {
  readonly mode: AcknowledgeMode;
  /** Where a group that does not exist yet begins. */
  readonly after?: number;
}

function isSameFilter(one: StreamFilter, other: StreamFilter): boolean {
  return (one.namePrefix ?? '') === (other.namePrefix ?? '') && one.deviceId === other.deviceId;
}

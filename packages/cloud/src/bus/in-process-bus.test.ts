import { silentLogger } from '@cloudchamber/kernel';
import { describe, expect, it } from 'vitest';
import { defineTopic } from './bus.ts';
import { InProcessBus } from './in-process-bus.ts';

const greetings = defineTopic<string>('greetings');
const numbers = defineTopic<number>('numbers');

describe('InProcessBus', () => {
  it('calls handlers after the publisher has finished its turn, in order', async () => {
    const bus = new InProcessBus(silentLogger);
    const heard: string[] = [];
    bus.subscribe(greetings, (message) => heard.push(`a:${message}`));
    bus.subscribe(greetings, (message) => heard.push(`b:${message}`));
    bus.publish(greetings, 'one');
    bus.publish(greetings, 'two');
    expect(heard).toEqual([]);
    await Promise.resolve();
    expect(heard).toEqual(['a:one', 'b:one', 'a:two', 'b:two']);
  });

  it('keeps topics apart', async () => {
    const bus = new InProcessBus(silentLogger);
    const heard: unknown[] = [];
    bus.subscribe(numbers, (message) => heard.push(message));
    bus.publish(greetings, 'hello');
    bus.publish(numbers, 7);
    await Promise.resolve();
    expect(heard).toEqual([7]);
  });

  it('goes on after a handler that throws, and logs it', async () => {
    const errors: unknown[] = [];
    const bus = new InProcessBus({ ...silentLogger, error: (fields) => errors.push(fields) });
    const heard: string[] = [];
    bus.subscribe(greetings, () => {
      throw new Error('boom');
    });
    bus.subscribe(greetings, (message) => heard.push(message));
    bus.publish(greetings, 'one');
    bus.publish(greetings, 'two');
    await Promise.resolve();
    expect(heard).toEqual(['one', 'two']);
    expect(errors).toEqual([
      { topic: 'greetings', error: 'boom' },
      { topic: 'greetings', error: 'boom' },
    ]);
  });

  it('ends a subscription, also one that ends itself while a message is on its way', async () => {
    const bus = new InProcessBus(silentLogger);
    const heard: string[] = [];
    const end = bus.subscribe(greetings, (message) => {
      heard.push(message);
      end();
    });
    bus.publish(greetings, 'one');
    bus.publish(greetings, 'two');
    await Promise.resolve();
    end();
    bus.publish(greetings, 'three');
    await Promise.resolve();
    expect(heard).toEqual(['one']);
  });

  it('delivers what a handler publishes in a later turn', async () => {
    const bus = new InProcessBus(silentLogger);
    const heard: number[] = [];
    bus.subscribe(numbers, (message) => {
      heard.push(message);
      if (message < 3) bus.publish(numbers, message + 1);
    });
    bus.publish(numbers, 1);
    await new Promise((resolve) => setImmediate(resolve));
    expect(heard).toEqual([1, 2, 3]);
  });

  it('treats the same function subscribed twice as two subscriptions', async () => {
    const bus = new InProcessBus(silentLogger);
    let calls = 0;
    const count = () => {
      calls++;
    };
    const end = bus.subscribe(numbers, count);
    bus.subscribe(numbers, count);
    bus.publish(numbers, 1);
    await Promise.resolve();
    end();
    bus.publish(numbers, 2);
    await Promise.resolve();
    expect(calls).toBe(3);
  });
});

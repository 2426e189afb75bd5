import { expect, it } from 'vitest';
import { countsByOutcome } from './counts.ts';

it('counts by outcome over both transports, with the most frequent reasons', () => {
  const counts = countsByOutcome([
    { transport: 'udp', outcome: 'admitted', reason: null, count: 120 },
    { transport: 'udp', outcome: 'resumed', reason: null, count: 7 },
    { transport: 'udp', outcome: 'refused', reason: 'unknown_device', count: 2 },
    { transport: 'tcp', outcome: 'refused', reason: 'key_mismatch', count: 4 },
    { transport: 'tcp', outcome: 'refused', reason: 'unknown_device', count: 3 },
    { transport: 'tcp', outcome: 'refused', reason: 'denied', count: 1 },
  ]);
  expect(counts).toEqual([
    { title: 'Came in', count: 127, detail: '7 of them resumed a session' },
    {
      title: 'Refused',
      count: 10,
      detail: 'Nobody registered this device: 5. Its key is not the registered one: 4. And others',
    },
    { title: 'Failed', count: 0, detail: '' },
  ]);
});

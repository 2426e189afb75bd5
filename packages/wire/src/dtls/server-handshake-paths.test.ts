import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { generateP256 } from '../crypto/p256.ts';
import { encodeMessage } from './handshake/fragment.ts';
import { HandshakeType } from './handshake/handshake-type.ts';
import { ContentType } from './record.ts';
import { HostileClient, STEPS, type Step } from './testing/hostile-client.ts';
import { clearRecord } from './testing/refragment.ts';

const device = generateP256();
const attacker = generateP256();

const honest = (): HostileClient => new HostileClient({ claims: device.spki, signer: device });
/** Shows the device's key and has only its own. */
const impostor = (): HostileClient => new HostileClient({ claims: device.spki, signer: attacker });

interface Path {
  readonly name: string;
  readonly steps: readonly Step[];
}

const omitted: Path[] = STEPS.map((step) => ({
  name: `without ${step}`,
  steps: STEPS.filter((other) => other !== step),
}));
const repeated: Path[] = STEPS.flatMap((step, at) => [
  { name: `${step} twice in a row`, steps: [...STEPS.slice(0, at + 1), step, ...STEPS.slice(at + 1)] },
  { name: `${step} again at the end`, steps: [...STEPS, step] },
  { name: `${step} also at the beginning`, steps: [step, ...STEPS] },
]);
const swapped: Path[] = STEPS.flatMap((first, a) =>
  STEPS.slice(a + 1).map((second) => ({
    name: `${first} and ${second} swapped`,
    steps: STEPS.map((step) => (step === first ? second : step === second ? first : step)),
  })),
);
const mutated = [...omitted, ...repeated, ...swapped];

/** Whether the steps, renumbered as they come, are a proper flight: change_cipher_spec has no number and may come at any time. */
function isProper(steps: readonly Step[]): boolean {
  const messages = steps.filter((step) => step !== 'changeCipher');
  const upToFinished = messages.slice(0, 4);
  return steps.includes('changeCipher') && upToFinished.join() === 'certificate,keyExchange,verify,finished';
}

function expectDeviceSession(client: HostileClient): void {
  const session = client.established;
  expect(session).toBeDefined();
  expect(Buffer.from(session!.peerSpki)).toEqual(Buffer.from(device.spki));
}

function expectNoSession(client: HostileClient): void {
  expect(client.established).toBeUndefined();
}

it('is established by the proper flight, and only at its end', () => {
  const client = honest();
  for (const step of STEPS) {
    expectNoSession(client);
    client.sendAsNumbered([step]);
  }
  expectDeviceSession(client);
});

describe('messages dropped, repeated and reordered on the way', () => {
  it.each(mutated)('$name: established exactly when all have come, at the latest by a repetition', ({ steps }) => {
    const client = honest();
    client.sendAsNumbered(steps);
    if (STEPS.every((step) => steps.includes(step))) expectDeviceSession(client);
    else expectNoSession(client);
    expect(client.failure).toBeUndefined();
    client.sendAsNumbered(STEPS);
    expectDeviceSession(client);
  });

  it.each(mutated)('$name: never established for an impostor, then or later', ({ steps }) => {
    const client = impostor();
    client.sendAsNumbered(steps);
    client.sendAsNumbered(STEPS);
    expectNoSession(client);
    expect(client.failure).toBe('bad_signature');
  });
});

describe('a client that sends other messages in other places', () => {
  it.each(mutated)('$name: established only when it is a proper flight after all', ({ steps }) => {
    const client = honest();
    client.sendRenumbered(steps);
    if (isProper(steps)) expectDeviceSession(client);
    else expectNoSession(client);
    const before = client.established;
    client.sendAsNumbered(STEPS);
    if (client.failure !== undefined) expectNoSession(client);
    if (before !== undefined) expect(client.established).toBe(before);
  });

  it.each(mutated)('$name: never established for an impostor, then or later', ({ steps }) => {
    const client = impostor();
    client.sendRenumbered(steps);
    client.sendAsNumbered(STEPS);
    expectNoSession(client);
  });
});

describe('any sequence of messages', () => {
  type Move = Step | 'forgedVerify' | 'forgedFinished' | 'clearFinished' | 'alert' | 'data' | 'otherKey' | 'noise';
  const moves: Move[] = [
    ...STEPS,
    'forgedVerify',
    'forgedFinished',
    'clearFinished',
    'alert',
    'data',
    'otherKey',
    'noise',
  ];
  const other = new HostileClient({ claims: attacker.spki, signer: attacker });

  function play(client: HostileClient, move: Move): void {
    const handshake = ContentType.HANDSHAKE;
    if (move === 'forgedVerify')
      client.sendClear(handshake, encodeMessage(HandshakeType.CERTIFICATE_VERIFY, 4, Buffer.of(4, 3, 0, 1, 0)));
    else if (move === 'forgedFinished')
      client.sendSealed(handshake, encodeMessage(HandshakeType.FINISHED, 5, Buffer.alloc(12)));
    else if (move === 'clearFinished') client.sendClear(handshake, client.properMessage('finished'));
    else if (move === 'alert') client.sendClear(ContentType.ALERT, Buffer.of(2, 40));
    else if (move === 'data') client.sendSealed(ContentType.APPLICATION_DATA, Buffer.from('too early'));
    else if (move === 'otherKey') client.sendClear(handshake, other.properMessage('certificate'));
    else if (move === 'noise')
      client.send(clearRecord(handshake, 9, Buffer.from([11, 0, 0, 90, 0, 2, 0, 0, 80, 0, 0, 10])));
    else client.sendAsNumbered([move]);
  }

  it('gets a session only with the proof and the Finished, under the right key', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...moves), { maxLength: 14 }), (sequence) => {
        const client = honest();
        for (const move of sequence) play(client, move);
        if (client.established !== undefined) {
          for (const step of STEPS) expect(sequence).toContain(step);
          expectDeviceSession(client);
        }
        if (client.failure !== undefined) expectNoSession(client);
        client.sendAsNumbered(STEPS);
        expect(client.established !== undefined || client.failure !== undefined).toBe(true);
        expect(client.outputs.filter(({ kind }) => kind === 'established' || kind === 'failed')).toHaveLength(1);
      }),
      { numRuns: 200 },
    );
  });

  it('never gets one without the private key', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...moves), { maxLength: 14 }), (sequence) => {
        const client = impostor();
        for (const move of sequence) play(client, move);
        client.sendAsNumbered(STEPS);
        expectNoSession(client);
      }),
      { numRuns: 200 },
    );
  });
});

describe('what cannot be sent for a proper message', () => {
  it('is a Finished in the clear', () => {
    const client = honest();
    client.sendAsNumbered(['certificate', 'keyExchange', 'verify', 'changeCipher']);
    client.sendClear(ContentType.HANDSHAKE, client.properMessage('finished'));
    expectNoSession(client);
    client.sendAsNumbered(['finished']);
    expectDeviceSession(client);
  });

  it('is the key in a protected record', () => {
    const client = honest();
    for (const step of ['certificate', 'keyExchange', 'verify'] as const) {
      client.sendSealed(ContentType.HANDSHAKE, client.properMessage(step));
    }
    client.sendAsNumbered(['changeCipher', 'finished']);
    expectNoSession(client);
  });

  it('is a key that is not P-256, or not on the curve', () => {
    const off = Buffer.from(device.spki);
    off[90]! ^= 1;
    for (const claims of [Buffer.alloc(91), off, device.spki.subarray(0, 90), Buffer.alloc(0)]) {
      const client = new HostileClient({ claims, signer: device });
      client.sendAsNumbered(STEPS);
      expectNoSession(client);
      expect(client.failure).toBe('unsupported_certificate');
    }
  });

  it('is the right body under another type', () => {
    for (const step of ['certificate', 'keyExchange', 'verify'] as const) {
      const client = honest();
      const before = STEPS.slice(0, STEPS.indexOf(step));
      client.sendAsNumbered(before);
      const message = Buffer.from(client.properMessage(step));
      message[0] = HandshakeType.SERVER_HELLO_DONE;
      client.sendClear(ContentType.HANDSHAKE, message);
      expect(client.failure).toBe('unexpected_message');
      client.sendAsNumbered(STEPS);
      expectNoSession(client);
    }
  });

  it('is a Finished over anything but the transcript, or something else in its place', () => {
    const bent = (client: HostileClient, at: number): Buffer => {
      const message = Buffer.from(client.properMessage('finished'));
      message[at]! ^= 1;
      return message;
    };
    for (const [at, failure] of [
      [12, 'bad_finished'],
      [23, 'bad_finished'],
      [0, 'unexpected_message'],
    ] as const) {
      const client = honest();
      client.sendAsNumbered(['certificate', 'keyExchange', 'verify', 'changeCipher']);
      client.sendSealed(ContentType.HANDSHAKE, bent(client, at));
      expect(client.failure).toBe(failure);
      client.sendAsNumbered(STEPS);
      expectNoSession(client);
    }
    const client = honest();
    client.sendAsNumbered(['certificate', 'keyExchange', 'verify', 'changeCipher']);
    const long = encodeMessage(
      HandshakeType.FINISHED,
      5,
      Buffer.concat([client.properMessage('finished').subarray(12), Buffer.of(0)]),
    );
    client.sendSealed(ContentType.HANDSHAKE, long);
    expect(client.failure).toBe('bad_finished');
  });

  it('is a signature from another handshake', () => {
    const [earlier, client] = [honest(), honest()];
    client.sendAsNumbered(['certificate', 'keyExchange']);
    client.sendClear(ContentType.HANDSHAKE, earlier.properMessage('verify'));
    expect(client.failure).toBe('bad_signature');
  });
});

describe('after it is established', () => {
  it('answers a repeated flight with a new record each time, and not without end', () => {
    const client = honest();
    client.sendAsNumbered(STEPS);
    const finished = client.properMessage('finished');
    const answers = Array.from({ length: 20 }, () => client.server.repeatFinished(finished, 2)).flat();
    const sent = answers.flatMap((output) => (output.kind === 'send' ? [output.datagram] : []));
    expect(sent).toHaveLength(8);
    expect(new Set(sent.map((datagram) => datagram.subarray(14 + 13).toString('hex'))).size).toBe(8);
    expect(client.established?.writeSequence).toBe(9);
  });

  it('is done after its time, and then silent', () => {
    const client = honest();
    client.sendAsNumbered(STEPS);
    expect(client.server.done).toBe(false);
    expect(client.server.wake(44_000)).toEqual([{ kind: 'wake', at: 45_001 }]);
    expect(client.server.wake(45_001)).toEqual([]);
    expect(client.server.done).toBe(true);
    expect(client.server.repeatFinished(client.properMessage('finished'), 45_002)).toEqual([]);
  });
});

it('lets an alert in the clear end the repetition, not the handshake', () => {
  const client = honest();
  client.sendClear(ContentType.ALERT, Buffer.of(2, 51));
  expect(client.server.wake(44_999).filter(({ kind }) => kind === 'send')).toEqual([]);
  client.sendAsNumbered(STEPS);
  expectDeviceSession(client);
});

it('lets a protected alert end the handshake', () => {
  const client = honest();
  client.sendAsNumbered(['certificate', 'keyExchange', 'verify', 'changeCipher']);
  client.sendSealed(ContentType.ALERT, Buffer.of(2, 51));
  expect(client.failure).toBe('refused_by_peer');
});

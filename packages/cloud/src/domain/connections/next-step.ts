import type { Attempt, AttemptReason } from './attempt.ts';

/** What devices are told to call, and where people reach the API. */
export interface CloudPlaces {
  /** Without a slash at the end. */
  readonly publicUrl: string;
  readonly deviceHost: string;
  /** Null where a transport is off. */
  readonly udpPort: number | null;
  readonly tcpPort: number | null;
  /** Whether a server key is being changed, so that devices may hold either. */
  readonly changingKeys: { readonly udp: boolean; readonly tcp: boolean };
}

/** What the advice depends on. */
export interface AttemptFacts extends Pick<Attempt, 'deviceId' | 'transport' | 'stage' | 'reason'> {
  readonly canApprove: boolean;
  /** Whether the key that was shown is the registered one now. */
  readonly isRegistered: boolean;
}

export interface NextStep {
  readonly text: string;
  /** To copy as it is. */
  readonly command: string | null;
}

type Advice = (facts: AttemptFacts, places: CloudPlaces) => NextStep;

/** What to do about an attempt, in plain words; null when nothing is wrong. Nothing but its arguments decides it. */
export function nextStep(facts: AttemptFacts, places: CloudPlaces): NextStep | null {
  if (facts.reason === null) return null;
  if (facts.isRegistered && ABOUT_KEY.includes(facts.reason)) return REGISTERED;
  return ADVICE[facts.reason](facts, places);
}

const only = (text: string): NextStep => ({ text, command: null });
const ABOUT_KEY: readonly AttemptReason[] = ['unknown_device', 'no_key_registered', 'key_mismatch'];
const REGISTERED = only('This key was registered after the attempt: the device is let in when it tries again.');
const APPROVE = 'If you know that this is your device, approve the key of this attempt.';

const ADVICE: Readonly<Record<AttemptReason, Advice>> = {
  unknown_device: ({ canApprove, ...facts }) => ({
    text: `Nobody has registered a device with this id. ${canApprove ? `${APPROVE} Or register` : 'Register'} it with its public key, from a computer that it is connected to in DFU mode.`,
    command: sendKey(facts),
  }),
  no_key_registered: ({ canApprove, ...facts }) => ({
    text: `The device is known, but no key is registered for it. ${canApprove ? `${APPROVE} Or register` : 'Register'} its public key, from a computer that it is connected to in DFU mode.`,
    command: sendKey(facts),
  }),
  key_mismatch: ({ canApprove, deviceId }) => ({
    text: `The device shows another key than the one that is registered for it. Its key was changed, or somebody else uses its id. ${canApprove ? `${APPROVE} Otherwise give` : 'Give'} the device a fresh key over USB, which registers that as well.`,
    command: deviceId === null ? null : `particle keys doctor ${deviceId}`,
  }),
  denied: () =>
    only(
      'The device asks for a product that does not want it: it was denied there, or the product takes no unknown devices. Approve it in the product’s quarantine, import its id into the product, or flash firmware with another product id.',
    ),
  unavailable: () =>
    only(
      'The cloud could not check the device. It tries again by itself; if that lasts, the log of the cloud says why.',
    ),
  wrong_server_key: ({ transport }, places) => serverKey(transport, places),
  timed_out: (facts, places) => timedOut(facts, places),
  began_again: ({ transport }, places) => ({
    text: `The device began anew instead of going on: the answers of the cloud do not reach it, or it holds the key of another server. Look at the firewall first: answers from ${portOf(transport, places)} must come back to the device.`,
    command: addresses(places),
  }),
  closed: ({ transport, stage }) =>
    only(
      stage === 'nonce'
        ? 'The connection was closed before anything was said. A device that loses its network does so, and so do port scanners and health checks of load balancers.'
        : `The device ended the connection after its key was exchanged. ${transport === 'tcp' ? 'It may not own the key that it shows: ' : ''}Look at the log of the device, and restart it.`,
    ),
  no_hello: ({ transport }) =>
    only(
      `The connection was secured, then nothing came. ${transport === 'tcp' ? 'The device may not own the key that it shows, or its network was lost.' : 'The network of the device was lost, or its firmware hangs.'} Look at the log of the device, and restart it.`,
    ),
  device_id_missing: () =>
    only(
      'The device did not say its id, or another one than before. Its firmware is damaged or no Device OS: flash Device OS again.',
    ),
  bad_proof: () =>
    only(
      'The peer does not own the key that it shows. This is not your device, or its key is damaged: then give it a fresh key with particle keys doctor.',
    ),
  bad_key: ({ transport, deviceId }) => ({
    text: `${transport === 'tcp' ? 'The key is no RSA key of 1024 bits, as devices on TCP have.' : 'The key is no P-256 key, as devices on UDP have.'} Give the device a fresh key over USB.`,
    command: deviceId === null ? null : `particle keys doctor ${deviceId}`,
  }),
  bad_message: () =>
    only(
      'What came does not belong to a handshake of Device OS. If this is your device, flash Device OS again; otherwise it is none.',
    ),
  unreadable: () =>
    only(
      'What came after the handshake made no sense: the peer does not own the key that it shows, or something on the way changes the data. If this is your device, look for a proxy or firewall that inspects its traffic.',
    ),
  too_many: () =>
    only('Too many connections were under way at once, in all or from this address. Devices try again by themselves.'),
  fault: () => only('The cloud failed while it took in this connection. Its log says more; please report it.'),
};

function sendKey({ deviceId }: Pick<AttemptFacts, 'deviceId'>): string | null {
  return deviceId === null
    ? null
    : `particle keys save ${deviceId}.der && particle keys send ${deviceId} ${deviceId}.der`;
}

function serverKey(transport: Attempt['transport'], places: CloudPlaces): NextStep {
  const changing = places.changingKeys[transport]
    ? ' While a server key is being changed one such attempt of a device is normal: it is in at its next try.'
    : '';
  return {
    text: `The device holds the key of another server. Write the key and the address of this cloud onto it: make the file in the folder of the cloud, then put the device into DFU mode.${changing}`,
    command: writeServerKey(transport, places),
  };
}

function writeServerKey(transport: Attempt['transport'], { deviceHost }: CloudPlaces): string {
  const host = deviceHost.includes('$') ? `'${deviceHost}'` : deviceHost;
  const algorithm = transport === 'tcp' ? ' --algorithm rsa' : '';
  const file = transport === 'tcp' ? 'server-rsa.der' : 'server-ecc.der';
  return `npm run chamber -- server keys --host ${host}${algorithm} && particle keys server ${file}`;
}

function timedOut({ transport, stage }: AttemptFacts, places: CloudPlaces): NextStep {
  if (transport === 'tcp') {
    return only(
      'The peer connected and did not answer in time. A weak network does that, and so do programs that are no devices.',
    );
  }
  if (stage !== 'client_hello') {
    return {
      text: 'The handshake stopped half-way: datagrams were lost. Large ones may not get through, or the network is weak. The device tries again by itself.',
      command: null,
    };
  }
  return {
    text: `The device did not answer what the cloud sent from ${portOf(transport, places)}. Either a firewall keeps that from it, or it holds the key of another server: old firmware then falls silent. When the firewall is right, write the server key again.`,
    command: writeServerKey(transport, places),
  };
}

function portOf(transport: Attempt['transport'], { udpPort, tcpPort }: CloudPlaces): string {
  return transport === 'udp' ? `UDP ${udpPort ?? 5684}` : `TCP ${tcpPort ?? 5683}`;
}

function addresses({ publicUrl }: CloudPlaces): string {
  return `curl ${publicUrl}/v1/cloud-addresses`;
}

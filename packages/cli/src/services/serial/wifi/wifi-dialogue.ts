import { CliError } from '../../../failure/cli-error.ts';
import { ANSWERS_WITHIN_MS, type ListeningClient } from '../listening-client.ts';
import { isEnterprise, type Security, type WifiNetwork } from './wifi-network.ts';

/** A device scans before its next question, and saves before its last word: ms. */
const SCANS_WITHIN_MS = 20_000;

/** What the device came to know by itself. */
export interface WifiOutcome {
  /** Its scan found the network: it did not ask for the security. */
  readonly seen: boolean;
}

interface Question {
  readonly asks: RegExp;
  answer(network: WifiNetwork, asked: string): string;
}

const QUESTIONS: ReadonlyMap<string, Question> = new Map([
  ['security', { asks: /^Security 0=/, answer: ({ security }, asked) => securityDigit(security, asked) }],
  ['cipher', { asks: /^Security Cipher/, answer: ({ security }) => cipherDigit(security) }],
  ['eap', { asks: /^EAP Type/, answer: ({ enterprise }) => (enterprise?.eap === 'EAP-TLS' ? '1' : '0') }],
  [
    'username',
    { asks: /^Username/, answer: ({ enterprise }) => (enterprise?.eap === 'PEAP' ? enterprise.username : '') },
  ],
  ['password', { asks: /^Password/, answer: ({ password = '' }) => password }],
  ['outer_identity', { asks: /^Outer identity/, answer: ({ enterprise }) => enterprise?.outerIdentity ?? '' }],
  [
    'client_certificate',
    {
      asks: /^Client certificate/,
      answer: ({ enterprise }) => (enterprise?.eap === 'EAP-TLS' ? `${enterprise.clientCertificate}\n` : ''),
    },
  ],
  [
    'private_key',
    {
      asks: /^Private key/,
      answer: ({ enterprise }) => (enterprise?.eap === 'EAP-TLS' ? `${enterprise.privateKey}\n` : ''),
    },
  ],
  ['root_ca', { asks: /^Root CA/, answer: ({ enterprise }) => (enterprise?.rootCa ? `${enterprise.rootCa}\n` : '') }],
]);

/** The last line so far: a question, which waits for its answer behind a colon, or the last word. What comes before is echo. */
const NEXT =
  /(?:^|\r\n)((?:SSID|Security [^\r\n]*|EAP Type [^\r\n]*|Username|Password|Outer identity \(optional\)): ?|(?:Client certificate|Private key|Root CA)[^\r\n]*:\r\n)$|(<3 you!|save th[eo]se? credentials\.|preparing to store)/;

/**
 * Letter `w`: answers what the device asks, each question once. Its security and cipher are asked for only where its scan did not find the network.
 * @throws CliError `failure` when it does not take an answer or could not save, `offline` when it goes silent
 */
export async function tellNetwork(client: ListeningClient, network: WifiNetwork): Promise<WifiOutcome> {
  await client.exchange('w', /^SSID: ?$/, ANSWERS_WITHIN_MS);
  const asked = new Set<string>();
  let answer = network.ssid;
  for (;;) {
    const [, question, end] = await say(client, answer);
    if (end !== undefined) {
      if (end.includes('<3')) return { seen: !asked.has('security') };
      throw new CliError('failure', 'The device could not save the credentials', {
        next: 'Press its RESET button, bring it into listening mode, and try again.',
      });
    }
    const found = [...QUESTIONS].find(([, { asks }]) => asks.test(question ?? ''));
    if (found === undefined || asked.has(found[0])) {
      throw new CliError('failure', `The device did not take the answer to "${found?.[0] ?? 'network'}"`, {
        next: 'It still waits for one: press its RESET button before you try again.',
      });
    }
    asked.add(found[0]);
    answer = found[1].answer(network, question ?? '');
    if (isEnterprise(network.security) && found[0] === 'password' && !asked.has('eap')) {
      throw new CliError(
        'failure',
        'The network is one with a password, as the device sees it, not one of WPA Enterprise',
        {
          next: 'Correct "security". The device still waits: press its RESET button before you try again.',
        },
      );
    }
  }
}

async function say(client: ListeningClient, answer: string): Promise<RegExpExecArray> {
  try {
    return await client.exchange(`${answer}\n`, behindEcho(answer), SCANS_WITHIN_MS);
  } catch (error) {
    if (!(error instanceof CliError) || error.kind !== 'offline') throw error;
    throw new CliError('offline', 'The device went silent, or away, in the middle of the set-up', {
      next: 'It may still wait for an answer: press its RESET button before you try again.',
      cause: error,
    });
  }
}

/** The device echoes each line first: nothing in it counts as a question. */
function behindEcho(answer: string): RegExp {
  const lines = answer.split('\n').length;
  return new RegExp(`^(?:[^\\r\\n]*\\r\\n){${lines - 1}}[^\\r\\n]*(?=\\r\\n)[\\s\\S]*?(?:${NEXT.source})`);
}

function securityDigit(security: Security, asked: string): string {
  if (isEnterprise(security) && !asked.includes('Enterprise')) {
    throw new CliError('failure', 'The device does not offer WPA Enterprise', {
      next: 'The Photon and the P1 do. It still waits for an answer: press its RESET button.',
    });
  }
  if (security === 'NONE') return '0';
  if (security === 'WEP') return '1';
  const wpa2 = security.startsWith('WPA2');
  return isEnterprise(security) ? (wpa2 ? '5' : '4') : wpa2 ? '3' : '2';
}

/** Some devices ask for it even where there is none. */
function cipherDigit(security: Security): string {
  if (security.endsWith('AES+TKIP')) return '3';
  return security.endsWith('TKIP') ? '2' : '1';
}

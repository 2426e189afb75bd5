import { printable } from '../../output/printable.ts';
import { tableOf } from '../../output/table.ts';
import { factLines, labelOf, shellWord } from './device-text.ts';
import type { Attempt, Findings } from './diagnose-device.ts';

/** What is wrong with a device's connection, if anything, and what to do. */
export interface Diagnosis {
  /** One sentence. */
  readonly verdict: string;
  readonly connected: boolean;
  readonly nextStep: { readonly text: string; readonly commands: readonly string[] } | undefined;
  /** Whether a key is registered for it; undefined when nothing tells. */
  readonly keyKnown: boolean | undefined;
}

const REASONS: Readonly<Record<NonNullable<Attempt['reason']>, string>> = {
  unknown_device: 'nobody has registered its id',
  no_key_registered: 'no key is registered for it',
  key_mismatch: 'it shows another key than the one that is registered for it',
  denied: 'the product that it announces does not want it',
  unavailable: 'the cloud could not check it',
  wrong_server_key: 'it holds the key of another server',
  timed_out: 'it stopped answering half-way',
  began_again: 'it began anew instead of going on',
  closed: 'it ended the connection itself',
  no_hello: 'it said nothing after the handshake',
  device_id_missing: 'it did not say its id',
  bad_proof: 'whoever tried does not own the key that it shows',
  bad_key: 'its key is of the wrong kind',
  bad_message: 'what it said is not Device OS',
  unreadable: 'what it said made no sense',
  too_many: 'too many connections were under way at once',
  fault: 'the cloud failed',
};

/** Judges a device by its newest attempt, and by whether it is online. */
export function diagnose(findings: Findings): Diagnosis {
  const { device, attempts } = findings;
  const [newest] = attempts;
  const keyKnown = newest === undefined ? undefined : newest.registered_fingerprint !== null;
  const label = device === undefined ? findings.id : labelOf(device);
  const diagnosis = (verdict: string, nextStep?: Diagnosis['nextStep'], connected = false): Diagnosis => ({
    verdict: `${label} ${verdict}`,
    connected,
    nextStep,
    keyKnown,
  });
  const failed = newest?.reason === null || newest === undefined ? undefined : newest;
  const why = failed?.reason === null || failed === undefined ? '' : REASONS[failed.reason];
  if (device?.online === true) {
    if (failed !== undefined)
      return diagnosis(`is connected, but its last attempt failed: ${why}.`, step(failed, findings), true);
    if (device.status === 'safe_mode') {
      const text =
        'Its application lacks a part of Device OS. Flash one that fits, or wait while the missing part is sent.';
      return diagnosis('is connected, in safe mode: its application does not run.', { text, commands: [] }, true);
    }
    return diagnosis('is connected. Nothing is wrong.', undefined, true);
  }
  if (failed !== undefined) {
    const state = device === undefined ? 'was not let in' : 'is offline';
    return diagnosis(`${state}: ${why}.`, step(failed, findings));
  }
  if (newest !== undefined) {
    if (device === undefined) return diagnosis(`was let in at ${newest.last_at}.`);
    return diagnosis(
      `is offline: it was let in, last heard ${device.last_heard ?? 'never'}, and has not tried again.`,
      {
        text: 'It has lost its power or its network, or it sleeps. Look at its LED: blinking green or white, it looks for its network; breathing white, its network is off; dark, it has no power.',
        commands: [],
      },
    );
  }
  const last = device?.last_handshake_at ?? null;
  return diagnosis(
    last === null
      ? 'has never tried to connect to this cloud.'
      : `is offline, and has not tried to connect since ${last}.`,
    {
      text: 'What it sends does not arrive here: it has no power or network, a firewall keeps it from UDP 5684 (Photon, P1: TCP 5683), or it holds the address of another cloud. In DFU mode on USB, this shows which address it holds:',
      commands: ['chamber keys address'],
    },
  );
}

function step({ id, next_step, can_approve }: Attempt, findings: Findings): Diagnosis['nextStep'] {
  if (next_step === null) return undefined;
  const product = findings.product === undefined ? '' : ` --product ${shellWord(findings.product)}`;
  return {
    text: printable(ours(next_step.text)),
    commands: [
      ...(next_step.command === null ? [] : [printable(ours(next_step.command))]),
      ...(can_approve ? [`chamber device doctor ${findings.id}${product} --approve-key ${id}`] : []),
    ],
  };
}

/** Commands of the published command line and of the cloud's folder, by our names. */
function ours(text: string): string {
  return text.replaceAll('particle keys', 'chamber keys').replaceAll('npm run keys --', 'chamber server keys');
}

/** The verdict first, then what it rests on. */
export function diagnosisLines(findings: Findings, { verdict, nextStep, keyKnown }: Diagnosis): readonly string[] {
  const { device, attempts } = findings;
  return [
    verdict,
    ...(nextStep === undefined ? [] : ['', nextStep.text, ...nextStep.commands.map((command) => `  ${command}`)]),
    '',
    ...factLines([
      ['Online', device && (device.online ? 'yes' : 'no')],
      ['Last handshake', device && (device.last_handshake_at ?? 'never')],
      ['Last heard', device && (device.last_heard ?? 'never')],
      ['Device OS', device && printable(device.system_firmware_version ?? 'not told yet')],
      ['Key', keyKnown === undefined ? 'no attempt tells' : keyKnown ? 'registered' : 'none is registered'],
      ['Registered key', attempts[0]?.registered_fingerprint ?? undefined],
      ['Key that it showed', attempts[0]?.key_fingerprint ?? undefined],
    ]),
    ...(attempts.length === 0 ? [] : ['', ...attemptTable(attempts)]),
  ];
}

function attemptTable(attempts: readonly Attempt[]): readonly string[] {
  return tableOf(
    ['Attempt', 'Last', 'Times', 'Outcome', 'Came to', 'Why', 'From'],
    attempts.map(({ id, last_at, count, outcome, stage, reason, transport, address }) => [
      String(id),
      last_at,
      String(count),
      outcome,
      stage,
      reason ?? '',
      `${transport} ${printable(address)}`,
    ]),
  );
}

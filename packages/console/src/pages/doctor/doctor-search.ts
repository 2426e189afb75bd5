import { parsedDeviceId } from '../../data/device-id.ts';

const OUTCOMES = ['admitted', 'resumed', 'refused', 'failed'] as const;
/** How an attempt to connect ended. */
export type Outcome = (typeof OUTCOMES)[number];

/** What the address of the connection doctor says. */
export interface DoctorSearch {
  /** Device id. */
  readonly device?: string;
  /** IP address, whole. */
  readonly address?: string;
  readonly outcome?: Outcome;
  /** Operators see every attempt; with this only those of their own devices. */
  readonly of?: 'mine';
  /** The list is read anew every few seconds. */
  readonly live?: true;
  /** The attempt whose details are open. */
  readonly attempt?: number;
}

/** @param search of the address; what makes no sense is left out */
export function doctorSearch({ device, address, outcome, of, live, attempt }: Record<string, unknown>): DoctorSearch {
  // An id or an address of digits alone comes as a number.
  const deviceId = parsedDeviceId(String(device ?? ''));
  const from = String(address ?? '').trim();
  const ended = OUTCOMES.find((one) => one === outcome);
  return {
    ...(deviceId !== undefined && { device: deviceId }),
    ...(isAddress(from) && { address: from }),
    ...(ended && { outcome: ended }),
    ...(of === 'mine' && { of }),
    ...(live === true && { live }),
    ...(typeof attempt === 'number' && Number.isSafeInteger(attempt) && attempt > 0 && { attempt }),
  };
}

/** Whether it is a whole IP address: `192.0.2.7` or `2001:db8::1`. */
export function isAddress(text: string): boolean {
  const bytes = text.split('.');
  if (bytes.length === 4 && !text.includes(':'))
    return bytes.every((byte) => /^\d{1,3}$/.test(byte) && Number(byte) <= 255);
  return text.includes(':') && /^[0-9a-f:.]+$/i.test(text) && URL.canParse(`http://[${text}]/`);
}

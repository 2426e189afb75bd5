import { type CoapMessage, decodeOtaFault, formatCode, isSuccessCode, OtaFaultCode } from '@cloudchamber/wire';
import { GatewayError } from '../gateway-error.ts';
import type { RequestBuilder } from '../outgoing.ts';
import { TransferError, type TransferOptions } from './transfer.ts';

/** Faults of the device's state, not of the image: they pass. */
const PASSING: readonly number[] = [OtaFaultCode.INVALID_STATE, OtaFaultCode.PROTOCOL, OtaFaultCode.BUSY];

/**
 * Sends a request of an update and waits for its response, whatever its code.
 * @throws TransferError `interrupted` without an answer in time
 */
export async function askUpdater(
  { session, interrupted }: TransferOptions,
  build: RequestBuilder,
  timeoutMs: number,
): Promise<CoapMessage> {
  const answer = session.outgoing.request(build, session.environment.clock.monotonic(), timeoutMs);
  // Whoever is told of the interruption first doesn't hear the other.
  answer.catch(() => {});
  try {
    return await Promise.race([answer, interrupted]);
  } catch (error) {
    if (error instanceof GatewayError) throw new TransferError('interrupted', error.message);
    throw error;
  }
}

/** @throws TransferError for an error code, with what the device says of it */
export function checkAnswer(answer: CoapMessage): void {
  if (isSuccessCode(answer.code)) return;
  const fault = decodeOtaFault(answer.payload);
  const passes = fault !== undefined && PASSING.includes(fault.code);
  const message = fault?.message || `the device answered ${formatCode(answer.code)}`;
  throw new TransferError(passes ? 'interrupted' : 'refused', message, fault);
}

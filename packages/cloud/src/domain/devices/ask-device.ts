import { GatewayError } from '@cloudchamber/gateway';
import { DomainError } from '../domain-error.ts';
import { deviceTimedOut } from './device-errors.ts';

/**
 * The answer of a device, with what can go wrong on the way told as the API tells it.
 * @throws DomainError `device.timed_out` when it is offline or silent, `device.busy`, `device.updating`, `device.too_large`, `device.refused`, `device.bad_answer`.
 */
export async function askDevice<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw error instanceof GatewayError ? refusalOf(error) : error;
  }
}

function refusalOf(error: GatewayError): DomainError {
  switch (error.code) {
    case 'device.not_connected':
    case 'device.timed_out':
      return deviceTimedOut();
    case 'device.busy':
      return new DomainError('limit_exceeded', 'device.busy', 'Too many commands wait for that device', {
        retryAfterSeconds: 1,
      });
    case 'device.updating':
      return new DomainError('conflict', 'device.updating', 'Another firmware update of that device is under way');
    case 'device.too_large':
      return new DomainError('invalid', 'device.too_large', 'That is longer than the messages of that device');
    case 'device.rejected':
      return new DomainError('invalid', 'device.refused', 'The device refused that');
    case 'device.bad_answer':
      return new DomainError('invalid', 'device.bad_answer', 'The device answered something else');
  }
}

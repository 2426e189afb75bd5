import {
  type Block,
  BlockAssembler,
  CoapCode,
  type CoapMessage,
  DescribeFlag,
  decodeDescription,
  decodeResponse,
  encodeDescribeRequest,
  formatCode,
  MAX_BODY_BYTES,
} from '@cloudchamber/wire';
import type { DeviceSession } from './device-session.ts';
import { GatewayError } from './gateway-error.ts';

const FLAGS = { system: DescribeFlag.SYSTEM, application: DescribeFlag.APPLICATION, metrics: DescribeFlag.METRICS };

/**
 * GET /d for a part of Describe, block by block where the device answers so (protocol section 8.1), and hands it to `ports.describe`.
 * @throws GatewayError when the device is silent or refuses; WireError when its answer makes no sense.
 */
export async function fetchDescribe(session: DeviceSession, part: keyof typeof FLAGS): Promise<void> {
  const flags = FLAGS[part];
  const body = new BlockAssembler(MAX_BODY_BYTES);
  let next: Block | undefined;
  for (;;) {
    const answer = decodeResponse(await request(session, flags, next));
    if (answer.block2 === undefined) return hand(session, flags, answer.contentFormat, answer.payload);
    const result = body.feed(answer.block2, answer.payload);
    if (result.kind === 'rejected') throw new GatewayError('device.bad_answer', 'Describe blocks do not fit together');
    if (result.kind === 'complete') return hand(session, flags, answer.contentFormat, result.payload);
    next = { number: answer.block2.number + 1, more: false, szx: answer.block2.szx };
  }
}

async function request(session: DeviceSession, flags: number, block2: Block | undefined): Promise<CoapMessage> {
  const { clock, settings } = session.environment;
  const answer = await session.outgoing.request(
    (id, token) => encodeDescribeRequest({ id, token, flags, block2 }),
    clock.monotonic(),
    settings.commandTimeoutMs,
  );
  if (answer.code !== CoapCode.CONTENT) {
    throw new GatewayError('device.rejected', `the device answered Describe with ${formatCode(answer.code)}`);
  }
  return answer;
}

async function hand(session: DeviceSession, flags: number, contentFormat: number, payload: Uint8Array): Promise<void> {
  if (session.deviceId === undefined) return;
  await session.environment.ports.describe(session.deviceId, decodeDescription(flags, contentFormat, payload));
}

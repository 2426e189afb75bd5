import { ContentFormat, encodePublish, WireError } from '@cloudchamber/wire';
import { DeviceError } from './device-error.ts';
import type { MessageBuilder } from './outgoing.ts';
import type { DeviceProfile } from './profiles/index.ts';
import type { PublishOptions } from './publish-options.ts';

/**
 * What builds the message of an event, as that generation of Device OS sends it (protocol section 5.3).
 * @throws DeviceError `device.unsupported` for data other than text before 6.2; WireError `too_large` for more data than fits its messages. The builder
 *   throws as `encodePublish` does.
 */
export function eventMessage(
  profile: DeviceProfile,
  name: string,
  data: string | Uint8Array,
  { private: toOwner = false, ...options }: PublishOptions,
): MessageBuilder {
  const { name: generation, typedEvents, maxValueBytes } = profile;
  if (!typedEvents && (options.contentFormat ?? ContentFormat.TEXT) !== ContentFormat.TEXT) {
    throw new DeviceError('device.unsupported', `${generation} publishes text only`);
  }
  if (Buffer.byteLength(data) > maxValueBytes) {
    throw new WireError('too_large', `${generation} publishes up to ${maxValueBytes} bytes`, 'protocol section 3.4');
  }
  return (id) => encodePublish({ id, name, data, ...options, public: !typedEvents && !toOwner });
}

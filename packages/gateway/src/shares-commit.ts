import { CoapCode, type CoapMessage, CoapOptionNumber } from '@cloudchamber/wire';

/** `E` and `e`. */
const PATHS = new Set([0x45, 0x65]);

/** Whether all that comes of the message is one row in the event log: an event of the application in one piece (protocol section 5.3). */
export function sharesCommit(message: CoapMessage): boolean {
  if (message.code !== CoapCode.POST) return false;
  let paths = 0;
  for (const { number, value } of message.options) {
    if (number === CoapOptionNumber.BLOCK1) return false;
    if (number !== CoapOptionNumber.URI_PATH) continue;
    paths += 1;
    if (paths === 1 && !(value.length === 1 && PATHS.has(value[0] as number))) return false;
    if (paths === 2 && isReserved(value)) return false;
  }
  return paths >= 2;
}

/** The system's events begin with `spark` or `particle`, in any case (protocol section 7). */
function isReserved(name: Uint8Array): boolean {
  const first = (name[0] ?? 0) | 0x20;
  return (first === 0x73 || first === 0x70) && /^(?:spark|particle)/i.test(Buffer.from(name).toString('latin1'));
}

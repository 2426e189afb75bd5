/**
 * Is this the name of a system event (MSG-17)? Names that begin with `spark` or `particle`, in any case, belong to the protocol
 * (protocol section 7): they are never fanned out to devices and no user may publish them.
 */
export function isReservedName(name: string): boolean {
  const first = name.charCodeAt(0) | 0x20;
  if (first !== 0x73 && first !== 0x70) return false;
  return /^(?:spark|particle)/i.test(name);
}

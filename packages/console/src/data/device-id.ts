/** @returns the id in lower case, or undefined when it is none */
export function parsedDeviceId(text: string): string | undefined {
  const id = text.trim().toLowerCase();
  return /^[0-9a-f]{24}$/.test(id) ? id : undefined;
}

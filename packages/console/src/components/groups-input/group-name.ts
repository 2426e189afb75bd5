/** Whether a group can have that name: 1 to 64 lower-case letters, digits, `-` and `_`. */
export function isGroupName(text: string): boolean {
  return /^[a-z0-9_-]{1,64}$/.test(text);
}

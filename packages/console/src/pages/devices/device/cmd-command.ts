/** What a tracker's firmware understands, as it stands in the box. */
export const CMD_PRESETS: readonly { readonly value: string; readonly label: string }[] = [
  { value: '{"cmd":"get_loc"}', label: 'Get the location now' },
  { value: '{"cmd":"enter_shipping"}', label: 'Enter shipping mode: powers the device off' },
  { value: '{"cmd":"reset"}', label: 'Reset the device gracefully' },
];

/** @returns what is wrong with the text as a command, or undefined */
export function cmdProblem(text: string): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'This is not valid JSON';
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'A command is a JSON object';
  return 'cmd' in value && typeof value.cmd === 'string' ? undefined : 'A command has its name in "cmd"';
}

/** @param result what the function returned @returns it in words */
export function cmdResult(result: number): string {
  if (result === 0) return 'Done (0)';
  if (result === -22) return 'The device says that the JSON is invalid (-22)';
  return `The device returned ${result}`;
}

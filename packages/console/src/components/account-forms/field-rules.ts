/** @returns what is wrong with an e-mail address, null for nothing; the cloud looks closer */
export function emailProblem(value: string): string | null {
  return /^[^\s@]+@[^\s@]+$/.test(value.trim()) ? null : 'An e-mail address looks like ann@example.net';
}

/** @returns what is wrong with a password that is chosen, null for nothing */
export function newPasswordProblem(value: string): string | null {
  if (value.length < 8) return 'A password has 8 characters or more';
  return value.length > 1024 ? 'A password has 1024 characters at most' : null;
}

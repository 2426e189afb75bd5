/** @returns what is wrong with a password of a customer, or null */
export function passwordProblem(password: string): string | null {
  return password.length >= 8 && password.length <= 1024 ? null : '8 to 1024 characters';
}

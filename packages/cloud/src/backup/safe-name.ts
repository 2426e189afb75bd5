const LONGEST = 1024;

/** Whether a path with `/` between its parts stays in the folder that it is relative to, on every system. */
export function isSafeName(name: string): boolean {
  if (name.length > LONGEST || /[\\\p{Cc}]/u.test(name) || /^[a-z]:/i.test(name)) return false;
  return name.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}

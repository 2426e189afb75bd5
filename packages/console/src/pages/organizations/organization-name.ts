const LONGEST = 100;

/** @returns what is wrong with the name of an organization, or null */
export function organizationNameProblem(name: string): string | null {
  if (name.trim() === '') return 'Give it a name';
  return [...name.trim()].length > LONGEST ? `At most ${LONGEST} characters` : null;
}

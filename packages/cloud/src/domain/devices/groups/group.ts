import { invalidInput } from '../device-errors.ts';

/** A group of a product's devices, to which firmware can be released (PRD-15). A device may be in several. */
export interface Group {
  readonly name: string;
  readonly description: string;
  /** `#rrggbb` */
  readonly color: string;
}

export interface GroupWithCount extends Group {
  readonly deviceCount: number;
}

export const DEFAULT_COLOR = '#34495e';

/** Groups of one product. */
export const MAX_GROUPS = 500;

const MAX_DESCRIPTION_CHARACTERS = 1000;

export function isGroupName(text: string): boolean {
  return /^[a-z0-9_-]{1,64}$/.test(text);
}

/** @throws DomainError `device.invalid` */
export function parseGroupName(text: string): string {
  if (isGroupName(text)) return text;
  throw invalidInput('The name of a group has 1 to 64 characters: lower-case letters, digits, - and _');
}

/** @returns each name once. @throws DomainError `device.invalid` for a bad name or too many. */
export function parseGroupNames(texts: readonly string[], most = MAX_GROUPS): string[] {
  if (texts.length > most) throw invalidInput(`At most ${most} groups can be named at once`);
  return [...new Set(texts.map(parseGroupName))];
}

/** @throws DomainError `device.invalid` */
export function parseDescription(text: string): string {
  if (text.length <= MAX_DESCRIPTION_CHARACTERS && !text.includes('\0')) return text;
  throw invalidInput(
    `The description of a group has at most ${MAX_DESCRIPTION_CHARACTERS} characters, none of them NUL`,
  );
}

/** @returns the color in lower case. @throws DomainError `device.invalid` */
export function parseColor(text: string): string {
  if (/^#[0-9a-f]{6}$/i.test(text)) return text.toLowerCase();
  throw invalidInput('The color of a group is written #rrggbb, such as #34495e');
}

import { ApiError } from '@cloudchamber/contract/client';

const LONGEST_NAME = 100;

/** @returns what is wrong with the name of a product or organization, or null */
export function nameProblem(name: string): string | null {
  if (name.trim() === '') return 'Give it a name';
  return [...name.trim()].length > LONGEST_NAME ? `At most ${LONGEST_NAME} characters` : null;
}

/** @returns the field that a refusal of a product's settings is about, or undefined for the whole */
export function refusedField(error: unknown): 'name' | 'description' | undefined {
  if (!(error instanceof ApiError)) return undefined;
  if (error.code === 'product_name_taken' || error.message.startsWith('name ')) return 'name';
  return error.message.startsWith('description ') ? 'description' : undefined;
}

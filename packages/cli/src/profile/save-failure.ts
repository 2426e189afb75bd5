import { CliError } from '../failure/cli-error.ts';

const REASONS: ReadonlyMap<string, string> = new Map([
  ['ENOSPC', 'the disk is full'],
  ['EDQUOT', 'your share of the disk is full'],
  ['EACCES', 'you may not write there'],
  ['EPERM', 'you may not write there'],
  ['EROFS', 'the disk cannot be written'],
  ['EEXIST', 'there is a file where its folder should be'],
  ['ENOTDIR', 'there is a file where its folder should be'],
  ['ENOENT', 'its folder cannot be made'],
  ['EISDIR', 'there is a folder in its place'],
]);

/** What is told when a file of settings cannot be saved. @param path where it should have gone @param error of the system */
export function saveFailure(path: string, error: unknown): CliError {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  const reason = REASONS.get(code) ?? (error instanceof Error ? error.message : String(error));
  return new CliError('failure', `The settings cannot be saved in ${path}: ${reason}`, {
    next: 'Nothing was changed. HOME says where settings are kept.',
    cause: error,
  });
}

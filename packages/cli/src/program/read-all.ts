import { usageError } from '../failure/cli-error.ts';

const MOST_CHARACTERS = 1024 * 1024;

/** All of standard input as text. @throws CliError of kind `usage` when it is a terminal, or longer than 1 MB */
export async function readAll(stdin: NodeJS.ReadStream): Promise<string> {
  if (stdin.isTTY === true) throw usageError('Standard input is a terminal: send what is to be read through a pipe');
  stdin.setEncoding('utf8');
  let whole = '';
  for await (const piece of stdin) {
    whole += String(piece);
    if (whole.length > MOST_CHARACTERS) throw usageError('Standard input has more than 1 MB');
  }
  return whole;
}

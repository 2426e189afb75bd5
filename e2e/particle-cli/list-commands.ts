import { createRequire } from 'node:module';

/** What the command line keeps of a command or of a category of commands. */
interface Category {
  readonly commands?: Readonly<Record<string, Category>>;
}

/** Its own modules, as far as this needs them. */
interface CommandProcessor {
  createAppCategory(options: object): Category;
}
type RegisterCommands = (context: { commandProcessor: CommandProcessor; root: Category }) => void;

/** Prints the names of all commands of the command line in the folder that it is told, one a line. A program, because loading them takes long and leaves much behind. */
const [folder = ''] = process.argv.slice(2);
const load = createRequire(folder);
const commandProcessor = load('./src/app/command-processor') as CommandProcessor;
const registerCommands = load('./src/cli') as RegisterCommands;
const root = commandProcessor.createAppCategory({});
registerCommands({ commandProcessor, root });

function print({ commands = {} }: Category, path: readonly string[]): void {
  if (Object.keys(commands).length === 0) process.stdout.write(`${path.join(' ')}\n`);
  for (const [name, command] of Object.entries(commands)) print(command, [...path, name]);
}
print(root, []);

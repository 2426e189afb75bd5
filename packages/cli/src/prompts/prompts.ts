/**
 * Questions to whoever sits at the terminal. Without one every question is a `usage` error that names the flag which answers it: a command never waits for
 * somebody who is not there. Ctrl-C at a question is the kind `interrupted`.
 */
export interface Prompts {
  /** Whether there is a terminal to ask at. */
  readonly possible: boolean;
  /** @param flag what to pass instead, such as `--username` */
  text(question: string, flag: string, options?: { readonly initial?: string }): Promise<string>;
  /** As `text`; what is typed is not shown. */
  password(question: string, flag: string): Promise<string>;
  /** True with `--yes`. */
  confirm(question: string, options?: { readonly initial?: boolean; readonly flag?: string }): Promise<boolean>;
  /** One of several. */
  select<T extends string>(question: string, flag: string, choices: readonly Choice<T>[]): Promise<T>;
  /** The word itself must be typed, for what cannot be undone; `--yes` stands for it. @returns whether it was */
  typed(question: string, word: string): Promise<boolean>;
}

interface Choice<T extends string> {
  readonly value: T;
  readonly label: string;
  readonly hint?: string;
}

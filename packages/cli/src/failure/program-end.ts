/** A command that was another program has ended: what it said is said, and its exit code is this one's. */
export class ProgramEnd extends Error {
  readonly code: number;

  /** @param code from 0 to 255 */
  constructor(code: number) {
    super(`the program ended with ${code}`);
    this.name = 'ProgramEnd';
    this.code = code;
  }
}

import { ChamberError } from '@cloudchamber/kernel';

/** A backup that cannot be made or restored, in one sentence for the operator. */
export class BackupError extends ChamberError {
  /** What to do about it. */
  readonly next: string | undefined;

  constructor(code: `backup.${string}`, message: string, next?: string, cause?: unknown) {
    super(code, 'caller', message, { cause });
    this.next = next;
  }
}

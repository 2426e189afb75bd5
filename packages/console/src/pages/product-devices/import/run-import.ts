import type { Output } from '@cloudchamber/contract';

type Reply = Output<'importDevices'>;

export type Outcome = 'imported' | 'existing' | 'nonmember' | 'invalid' | 'other';

/** What became of a line, or of the device that it named. */
export interface ImportedLine {
  /** The device's id where it is known, else the line. */
  readonly id: string;
  readonly outcome: Outcome;
}

export interface ImportOptions {
  /** Each once. */
  readonly lines: readonly string[];
  send(ids: string[]): Promise<Reply>;
  /** @param done lines that were sent */
  onProgress(done: number): void;
}

/** Lines of one request: few enough that progress shows. */
export const LINES_AT_ONCE = 2000;

/**
 * Imports a list, a part after the other. @returns what became of each line; lines that the reply doesn't name by themselves, such as a serial number of a device that
 * another line named too, are in it through their device.
 * Rejects as `send` does; the parts before are imported then.
 */
export async function runImport({ lines, send, onProgress }: ImportOptions): Promise<ImportedLine[]> {
  const found = new Map<string, Outcome>();
  for (let at = 0; at < lines.length; at += LINES_AT_ONCE) {
    const part = lines.slice(at, at + LINES_AT_ONCE);
    const reply = await send(part);
    for (const [id, outcome] of outcomesOf(reply)) {
      // A device that this import brought in is there for a later line, such as its serial number.
      if (!found.has(id)) found.set(id, outcome);
    }
    onProgress(at + part.length);
  }
  return [...found].map(([id, outcome]) => ({ id, outcome }));
}

function outcomesOf(reply: Reply): (readonly [string, Outcome])[] {
  return [
    ...reply.updatedDeviceIds.map((id) => [id, 'imported'] as const),
    ...reply.existingDeviceIds.map((id) => [id, 'existing'] as const),
    ...reply.nonmemberDeviceIds.map((id) => [id, 'nonmember'] as const),
    ...reply.invalidDeviceIds.map((id) => [id, 'invalid'] as const),
    ...reply.protectedDeviceIds.map((id) => [id, 'other'] as const),
  ];
}

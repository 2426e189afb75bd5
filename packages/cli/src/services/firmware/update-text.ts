import { printable } from '../../output/printable.ts';

/** A step of an update, as the cloud tells it. */
export interface Step {
  readonly id: string;
  readonly stage: 'starting' | 'transferring' | 'applying' | 'done';
  /** Images that the device has applied, and how many there are. */
  readonly image: number;
  readonly images: number;
  /** What the device has for sure, over all images. */
  readonly bytes: number;
  readonly total_bytes: number;
  readonly percent: number;
  readonly outcome: string | null;
  readonly message: string | null;
}

const STAGES: Readonly<Record<Step['stage'], string>> = {
  starting: 'Asking the device',
  transferring: 'Sending',
  applying: 'The device applies it',
  done: 'Done',
};

/** @returns where an update stands, such as `Sending (image 1 of 2)` */
export function stageText({ stage, image, images }: Pick<Step, 'stage' | 'image' | 'images'>): string {
  const of = images > 1 && stage !== 'done' ? ` (image ${Math.min(image + 1, images)} of ${images})` : '';
  return `${STAGES[stage]}${of}`;
}

const OUTCOMES: ReadonlyMap<string, string> = new Map([
  ['refused', 'refused it'],
  ['no_answer', 'did not answer'],
  ['no_progress', 'took no more of it'],
  ['not_applied', 'has it, and did not apply it'],
  ['device_gone', 'went away in the midst of it'],
]);

/** @returns how an update failed, with the words of the device or the cloud about it */
export function failureText(device: string, outcome: string, message: string | null): string {
  const why = message === null || message.trim() === '' ? '' : `: ${printable(message)}`;
  if (outcome === 'cancelled') return `The update of ${device} was cancelled${why}`;
  return `${device} ${OUTCOMES.get(outcome) ?? `ended with "${printable(outcome)}"`}${why}`;
}

/** @returns such as `15 KB` */
export function sizeText(bytes: number): string {
  return bytes < 1024 ? `${bytes} bytes` : `${Math.round(bytes / 1024).toLocaleString('en')} KB`;
}

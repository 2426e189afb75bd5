import type { UpdateReason, UpdateStage, UpdateTarget } from './firmware-update-store.ts';

/** What can be seen of a device's update while it is under way, and of its end. */
export interface UpdateProgress {
  readonly id: string;
  readonly reason: UpdateReason;
  readonly target: UpdateTarget | undefined;
  readonly stage: UpdateStage;
  /** Images that the device has applied, and how many there are. */
  readonly image: number;
  readonly images: number;
  /** What the device has for sure, over all images, and their total. */
  readonly bytes: number;
  readonly totalBytes: number;
  /** Null while it is under way; else `succeeded`, or why not. */
  readonly outcome: string | null;
  /** The device's words or ours about a failure. */
  readonly message: string | undefined;
}

/** Hears every step of the updates of one device. */
export type ProgressListener = (progress: UpdateProgress) => void;

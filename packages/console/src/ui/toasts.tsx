import { ApiError } from '@cloudchamber/contract/client';
import { notifications } from '@mantine/notifications';
import { IconAlertTriangle, IconCheck, IconInfoCircle } from '@tabler/icons-react';

const CLOSE = { 'aria-label': 'Close' };

/** Says that something is done. */
export function tellDone(message: string): void {
  notifications.show({ message, color: 'teal.9', icon: <IconCheck size={18} aria-hidden />, closeButtonProps: CLOSE });
}

/** Says something that the person did not cause. */
export function tellNote(message: string): void {
  notifications.show({
    message,
    color: 'blue.9',
    icon: <IconInfoCircle size={18} aria-hidden />,
    autoClose: 10_000,
    closeButtonProps: CLOSE,
  });
}

/** Says that something failed, with the id by which the server's log knows the request. */
export function tellError(error: unknown): void {
  const id = error instanceof ApiError ? error.requestId : undefined;
  notifications.show({
    title: messageOf(error),
    message: id === undefined ? undefined : `Request ${id}`,
    color: 'red.9',
    icon: <IconAlertTriangle size={18} aria-hidden />,
    autoClose: 10_000,
    closeButtonProps: CLOSE,
  });
}

/** @returns a sentence for people */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return 'Something went wrong';
  if (error instanceof ApiError && error.status === 429 && error.retryAfterSeconds !== undefined) {
    return `${error.message}. Try again in ${error.retryAfterSeconds} s`;
  }
  return error.message;
}

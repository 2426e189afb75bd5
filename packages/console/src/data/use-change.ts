import type { OperationName } from '@cloudchamber/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { tellDone, tellError } from '../ui/toasts.tsx';

interface ChangeOptions<Value, Result> {
  /** Makes the change, by `api.call`. */
  run(value: Value): Promise<Result>;
  /** Operations that read what has changed: pages that show them read them anew. */
  readonly changes: readonly OperationName[];
  /** What the person is told when it is done; nothing when left out. */
  done?(value: Value, result: Result): string;
  onDone?(result: Result, value: Value): void;
  /** Set where the page shows the refusal itself; else it is shown as a toast. */
  readonly showsError?: boolean;
}

/** A change that a person makes: runs it, reads anew what it changed, and tells how it ended. */
export function useChange<Value = void, Result = unknown>(options: ChangeOptions<Value, Result>) {
  const queries = useQueryClient();
  return useMutation<Result, Error, Value>({
    mutationFn: options.run,
    onSuccess: async (result, value) => {
      const text = options.done?.(value, result);
      if (text !== undefined) tellDone(text);
      options.onDone?.(result, value);
      await Promise.all(options.changes.map((name) => queries.invalidateQueries({ queryKey: [name] })));
    },
    onError: (error) => {
      if (options.showsError !== true) tellError(error);
    },
  });
}

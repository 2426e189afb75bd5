import type { Arguments, OperationName, Output } from '@cloudchamber/contract';
import { queryOptions } from '@tanstack/react-query';
import { api } from './api.ts';

/**
 * What `useQuery` takes for an operation that reads: `useQuery(reading('listDevices'))`. The key is the operation's name, then its input, so that
 * `invalidateQueries({ queryKey: ['listDevices'] })` makes every page read that anew.
 */
export function reading<Name extends OperationName>(...args: Arguments<Name>) {
  return queryOptions<Output<Name>>({
    queryKey: args,
    queryFn: ({ signal }) => api.callWith(signal, ...args),
  });
}

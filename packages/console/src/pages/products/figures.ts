import type { Arguments, OperationName, Output } from '@cloudchamber/contract';
import { queryOptions } from '@tanstack/react-query';
import { api } from '../../data/api.ts';
import { inTurns } from '../../data/in-turns.ts';

/** The cloud adds up figures for one person four at a time; two are left for other windows. */
const turn = inTurns(2);

/** As `reading`, for operations that add up figures of a fleet. */
export function figures<Name extends OperationName>(...args: Arguments<Name>) {
  return queryOptions<Output<Name>>({
    queryKey: args,
    queryFn: ({ signal }) => turn(() => api.callWith(signal, ...args)),
  });
}

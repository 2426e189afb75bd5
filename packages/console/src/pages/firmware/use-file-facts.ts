import { skipToken, useQuery } from '@tanstack/react-query';
import { reading } from '../../data/query.ts';
import { fileProblems } from './file-problems.ts';
import { readFirmwareFile } from './firmware-file.ts';

/** A file that somebody chose, with what it says about itself. */
export interface ReadFile {
  readonly facts: Awaited<ReturnType<typeof readFirmwareFile>>;
  /** Why the cloud will refuse it, as far as that shows; the cloud has the last word. */
  readonly problems: readonly string[];
}

/** Looks into a file of firmware. @param version as the form has it */
export function useFileFacts(product: string, file: File | undefined, version: number): ReadFile {
  const found = useQuery(reading('getProduct', { params: { productIdOrSlug: product } }));
  const { data } = useQuery({
    queryKey: ['firmware file', file?.name, file?.size, file?.lastModified],
    queryFn: file === undefined ? skipToken : async () => ({ facts: await readFacts(file) }),
    gcTime: 0,
  });
  const facts = data?.facts;
  const problems =
    facts === undefined || found.data === undefined ? [] : fileProblems(facts, found.data.product, version);
  return { facts, problems };
}

/** @returns undefined for what cannot be read here */
export async function readFacts(file: File): Promise<ReadFile['facts']> {
  return readFirmwareFile(file.name, new Uint8Array(await file.arrayBuffer()));
}

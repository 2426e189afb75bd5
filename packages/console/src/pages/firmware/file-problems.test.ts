import { describe, expect, it } from 'vitest';
import { fileProblems } from './file-problems.ts';
import type { FirmwareFileFacts } from './firmware-file.ts';

const PRODUCT = { id: 1042, name: 'Valves', platform_id: 32 };
const FACTS: FirmwareFileFacts = { kind: 'binary', version: 7, productId: 1042, platformId: 32 };

describe('fileProblems', () => {
  it('finds none in a file of the product, also from Device OS 4.0 on', () => {
    expect(fileProblems(FACTS, PRODUCT, 7)).toEqual([]);
    expect(fileProblems({ ...FACTS, productId: 32 }, PRODUCT, 7)).toEqual([]);
  });

  it.each([
    [{ ...FACTS, platformId: 13 }, 'platform 13'],
    [{ ...FACTS, productId: 1043 }, 'product 1043'],
    [{ ...FACTS, productId: undefined }, 'PRODUCT_ID(1042)'],
    [{ ...FACTS, version: 8 }, 'version 8; the form says 7'],
    [{ ...FACTS, version: undefined }, 'PRODUCT_VERSION'],
  ])('says what is wrong (%#)', (facts, text) => {
    expect(fileProblems(facts, PRODUCT, 7)).toEqual([expect.stringContaining(text)]);
  });
});

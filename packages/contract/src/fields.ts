import { z } from 'zod';

/** An integer that a form sends as text and a JSON client as a number. Out comes a number. */
export const integerField = z
  .union([z.int(), z.string().regex(/^-?\d{1,15}$/, 'must be an integer')])
  .transform(Number);

const TRUE_WORDS: readonly unknown[] = [true, 1, '1', 'true', 'on'];
const BOOLEAN_WORDS: readonly unknown[] = [...TRUE_WORDS, false, 0, '0', 'false', 'off'];

/** A yes or no as any client spells it: true/false, 1/0, "1"/"0", "true"/"false", "on"/"off". Out comes a boolean. */
export const booleanField = z
  .union([z.boolean(), z.number(), z.string()])
  .refine((value) => BOOLEAN_WORDS.includes(value), 'must be true or false')
  .transform((value) => TRUE_WORDS.includes(value));

/** A point in time in a response: ISO 8601 in UTC with milliseconds. */
export const timestampField = z.iso.datetime();

/** `{"ok": true}` */
export const okBody = z.object({ ok: z.literal(true) });

/** Any refusal. Which keys stand in it depends on the family of the route; `error` does nearly always. */
export const errorBody = z
  .looseObject({
    ok: z.literal(false).optional(),
    error: z.string().optional(),
    error_description: z.string().optional(),
    info: z.string().optional(),
    errors: z.array(z.unknown()).optional(),
  })
  .meta({ id: 'Error' });

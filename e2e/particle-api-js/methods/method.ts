import { expect } from 'vitest';
import { refusalOf } from '../../harness/api-client.ts';
import type { World } from './world.ts';

/** What is known of one method of the published client on this server. */
export type Method = Works | Refused;

interface Works {
  /** A sentence for the table: which of its options this server refuses; empty for none. */
  readonly note: string;
  /** Calls it for real and asserts what came back. */
  readonly run: (world: World) => Promise<void>;
}

/** Whose things a method is about: the account's own, a product's or an organization's. */
export interface Place {
  readonly product?: number;
  readonly org?: string;
}

/** A method that this server answers with a refusal in JSON, which the client shows to people. */
interface Refused {
  /** Whether this server will have it, or has nothing that it could be about. */
  readonly refused: 'not yet' | 'not applicable';
  /** A sentence for the table. */
  readonly why: string;
  /** Is called once for each place; a method without options for them calls the same thing. */
  readonly call: (world: World, place: Place) => Promise<unknown>;
  /** A HEAD request: its reply has no body. */
  readonly bodiless?: boolean;
}

/** Methods by name; every name is one of the client's. */
export type Methods = Readonly<Record<string, Method>>;

export const works = (run: Works['run'], note = ''): Method => ({ run, note });

export const notYet = (why: string, call: Refused['call']): Method => ({ refused: 'not yet', why, call });

export const notApplicable = (why: string, call: Refused['call'], bodiless = false): Method => ({
  refused: 'not applicable',
  why,
  call,
  bodiless,
});

/** Makes the call that is refused, in every place, and asserts that the client can tell people why. */
export async function expectRefusal({ call, bodiless }: Refused, world: World): Promise<void> {
  for (const place of [{}, { product: world.product }, { org: world.org }]) {
    const { status, body } = await refusalOf(call(world, place));
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    if (!bodiless) expect(body).toMatchObject({ error: expect.stringMatching(/./) });
  }
}

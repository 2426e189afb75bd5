import type { Place } from '../../data/place.ts';
import type { Client } from './client.ts';

/** What a client is for: decides its type and its scope. */
export interface ClientKind {
  readonly id: 'server' | 'mobile' | 'web' | 'login';
  readonly label: string;
  readonly about: string;
  readonly type: Client['type'];
  readonly scope?: string;
}

const LOGIN: ClientKind = {
  id: 'login',
  label: 'Login with Cloud Chamber (Web)',
  about: 'A web app that sends people to the log-in of this cloud and gets a token for what they have here.',
  type: 'web',
};

const OF_ACCOUNT: readonly ClientKind[] = [
  {
    id: 'server',
    label: 'Server or script',
    about: 'Gets tokens that act for your account, with its id and secret alone. Keep the secret on your server.',
    type: 'installed',
  },
  LOGIN,
];

const OF_PRODUCT: readonly ClientKind[] = [
  {
    id: 'server',
    label: 'Two-Legged Auth (Server)',
    about: 'Your server makes customers, gets tokens for them, and does in the product what an administrator does.',
    type: 'installed',
  },
  {
    id: 'mobile',
    label: 'Simple Auth (Mobile App)',
    about: 'An app that people install: it creates customers and logs them in, and nothing else.',
    type: 'installed',
    scope: 'customers:create',
  },
  {
    id: 'web',
    label: 'Simple Auth (Web App)',
    about: 'A web app that creates customers and logs them in, and nothing else.',
    type: 'web',
    scope: 'customers:create',
  },
  LOGIN,
];

/** @returns the kinds of clients that make sense in a place */
export function clientKindsOf(place: Place): readonly ClientKind[] {
  return place.kind === 'product' ? OF_PRODUCT : OF_ACCOUNT;
}

/** @returns what a client may do, in words. @param scope as the cloud has it; undefined for none */
export function scopeText(place: Place, scope: string | undefined): string {
  if (scope?.split(' ').every((one) => one === 'customers:create')) return 'Create customers';
  return place.kind === 'product' ? 'Everything in the product' : 'Everything in the account';
}

/** @returns what is wrong with where a consent page leads back to, null for nothing; https, or http on this machine's own names */
export function redirectProblem(type: Client['type'], value: string): string | null {
  if (type !== 'web') return null;
  const url = URL.parse(value.trim());
  if (url === null) return 'An address looks like https://app.example.net/back';
  return url.protocol === 'https:' ? null : 'The address has to begin with https://';
}

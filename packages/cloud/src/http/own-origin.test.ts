import { describe, expect, it } from 'vitest';
import { isForeign } from './own-origin.ts';

const request = (headers: Record<string, string>, host = 'cloud.example.net') => ({ method: 'POST', headers, host });

describe('a request of another origin', () => {
  it.each([
    ['https://cloud.example.net', {}],
    ['https://cloud.example.net', { origin: 'https://cloud.example.net' }],
    ['https://cloud.example.net', { origin: 'https://cloud.example.net', 'sec-fetch-site': 'same-origin' }],
    ['https://cloud.example.net', { 'sec-fetch-site': 'none' }],
    ['https://other.example.net', { origin: 'https://cloud.example.net' }],
    ['http://127.0.0.1:8080', { origin: 'http://cloud.example.net' }],
    ['http://127.0.0.1:8080', { origin: 'https://cloud.example.net' }],
  ])('is none: public %s, %j', (publicUrl, headers) => {
    expect(isForeign(request(headers), publicUrl)).toBe(false);
  });

  it.each([
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: '' },
    { origin: 'http://cloud.example.net' },
    { origin: 'https://cloud.example.net:8443' },
    { origin: 'https://cloud.example.net.evil.example' },
    { origin: 'https://cloud.example.net@evil.example' },
    { origin: 'file://' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { origin: 'https://cloud.example.net', 'sec-fetch-site': 'cross-site' },
  ])('is %j', (headers) => {
    expect(isForeign(request(headers as Record<string, string>), 'https://cloud.example.net')).toBe(true);
  });

  it('tells ports apart, and knows the one that a scheme implies', () => {
    const on = (origin: string, host: string) => isForeign(request({ origin }, host), 'http://127.0.0.1:8080');
    expect(on('http://localhost:8080', 'localhost:8080')).toBe(false);
    expect(on('http://localhost:8081', 'localhost:8080')).toBe(true);
    expect(on('http://localhost', 'localhost:80')).toBe(false);
    expect(on('http://localhost', 'localhost:8080')).toBe(true);
  });
});

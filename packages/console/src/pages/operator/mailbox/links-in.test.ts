import { expect, it } from 'vitest';
import { linksIn } from './links-in.ts';

it('links to the cloud itself, and nowhere else', () => {
  const text = 'Open https://cloud.example.net/reset?token=a or https://cloud.example.net.evil/reset';
  expect(linksIn(text, 'https://cloud.example.net')).toEqual([
    { text: 'Open ', isLink: false },
    { text: 'https://cloud.example.net/reset?token=a', isLink: true },
    { text: ' or ', isLink: false },
    { text: 'https://cloud.example.net.evil/reset', isLink: false },
  ]);
});

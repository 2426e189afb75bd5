import { expect, it } from 'vitest';
import { blockedText, outcomeText, sizeText, stageText, updateTitle } from './update-words.ts';

it('says why a device was updated', () => {
  expect(updateTitle({ reason: 'release', version: 7 })).toBe('Release: version 7');
  expect(updateTitle({ reason: 'flash', version: null })).toBe('Flashed file');
  expect(updateTitle({ reason: null, version: null })).toBe('Update');
});

it('says where an update stands', () => {
  expect(stageText({ stage: 'transferring', image: 0, images: 1 })).toBe('Sending');
  expect(stageText({ stage: 'transferring', image: 1, images: 2 })).toBe('Sending (image 2 of 2)');
  expect(stageText({ stage: 'applying', image: 2, images: 2 })).toBe('The device applies it (image 2 of 2)');
  expect(stageText({ stage: 'done', image: 2, images: 2 })).toBe('Done');
});

it('says how an update ended, also with words of a newer cloud', () => {
  expect([null, 'succeeded', 'new_word'].map(outcomeText)).toEqual([undefined, 'Succeeded', 'new_word']);
});

it('says what keeps a device from its update', () => {
  expect(blockedText({ blocked: null })).toBe('It is about to be sent.');
  expect(blockedText({ blocked: 'offline' })).toBe('The device is offline.');
});

it('says sizes in KiB', () => {
  expect(sizeText(1_310_720)).toBe('1,280 KiB');
});

import { expect, test } from 'vitest';
import { newId } from '../../src/store/ids.ts';

const VERSION_7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

test('ids are read in the order they were made, even ten thousand at once', () => {
  const ids = Array.from({ length: 10_000 }, () => newId());
  expect(ids.toSorted()).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.every((id) => VERSION_7.test(id))).toBe(true);
});

test('an id of a given time carries it', () => {
  const id = newId(Date.parse('2026-04-13T08:00:00Z'));
  expect(id).toMatch(VERSION_7);
  expect(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toBe(Date.parse('2026-04-13T08:00:00Z'));
});

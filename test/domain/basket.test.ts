import { describe, expect, test } from 'vitest';
import { daysLate, isWorthABasket, needsAction, sectionOf, shelvesOf, type Followed } from '../../src/domain/basket.ts';

const NOW = new Date('2026-09-14T08:00:00+02:00');
const at = (day: string) => new Date(`${day}T10:00:00+02:00`);
const aFollowed = (changes: Partial<Followed> = {}): Followed => ({
  status: 'new',
  receivedAt: at('2026-09-10'),
  dueAt: at('2026-09-15'),
  waitUntil: null,
  citizenWroteAt: null,
  staffActedAt: null,
  ...changes,
});
const working = (changes: Partial<Followed> = {}) =>
  aFollowed({ status: 'in_progress', staffActedAt: at('2026-09-11'), ...changes });

describe('C04: a request', () => {
  test.each<[string, Followed, string | null, boolean]>([
    ['new is to be taken up', aFollowed(), 'to_take_up', true],
    ['reopened is new again', aFollowed({ citizenWroteAt: at('2026-09-12') }), 'to_take_up', true],
    ['new and late is late', aFollowed({ dueAt: at('2026-09-11') }), 'late', true],
    ['in progress goes on', working(), 'in_progress', false],
    ['in progress and late is late', working({ dueAt: at('2026-09-11') }), 'late', true],
    ['answered by its citizen needs an action', working({ citizenWroteAt: at('2026-09-12') }), 'answered', true],
    ['answered, then dealt with, goes on', working({ citizenWroteAt: at('2026-09-10') }), 'in_progress', false],
    [
      'on hold for long is nobody’s',
      aFollowed({ status: 'on_hold', waitUntil: at('2026-09-30'), dueAt: null }),
      null,
      false,
    ],
    ['on hold without a day is nobody’s', aFollowed({ status: 'on_hold', dueAt: null }), null, false],
    [
      'on hold until tomorrow is announced',
      aFollowed({ status: 'on_hold', waitUntil: at('2026-09-15') }),
      'wait_ends',
      false,
    ],
    [
      'whose citizen is late is announced',
      aFollowed({ status: 'awaiting_citizen', waitUntil: at('2026-09-01') }),
      'wait_ends',
      false,
    ],
    ['closed is over', aFollowed({ status: 'closed', dueAt: null }), null, false],
  ])('%s', (_sentence, request, section, isToDo) => {
    expect([sectionOf(request, NOW), needsAction(request, NOW)]).toEqual([section, isToDo]);
  });
});

test('a basket is worth a mail unless all goes on quietly', () => {
  expect(isWorthABasket([], NOW)).toBe(false);
  expect(isWorthABasket([working(), aFollowed({ status: 'on_hold' })], NOW)).toBe(false);
  expect(isWorthABasket([working(), aFollowed()], NOW)).toBe(true);
  expect(isWorthABasket([aFollowed({ status: 'on_hold', waitUntil: at('2026-09-15') })], NOW)).toBe(true);
});

test('days late are whole days', () => {
  const late = (dueAt: Date | null) => daysLate({ dueAt }, NOW);
  expect([late(at('2026-09-13')), late(at('2026-09-11')), late(at('2026-09-15')), late(null)]).toEqual([0, 2, 0, 0]);
});

describe('J03: the shelves of a basket', () => {
  test('come in their order, each oldest first', () => {
    const days = ['2026-09-09', '2026-09-07', '2026-09-08'];
    const rows = days.flatMap((day) => [
      aFollowed({ receivedAt: at(day) }),
      aFollowed({ receivedAt: at(day), dueAt: at('2026-09-10') }),
    ]);
    const shelves = shelvesOf([...rows, working(), aFollowed({ status: 'closed' })], NOW, 40);
    expect(shelves.map(({ section, count }) => [section, count])).toEqual([
      ['late', 3],
      ['to_take_up', 3],
      ['in_progress', 1],
    ]);
    for (const { rows: shown } of shelves.slice(0, 2)) {
      expect(shown.map(({ receivedAt }) => receivedAt)).toEqual(days.toSorted().map(at));
    }
  });

  test.each<[string, number[], number[]]>([
    ['all of it where there is room', [3, 5, 0], [3, 5, 0]],
    ['the late ones first where there is not', [100, 100, 100], [32, 4, 4]],
    ['what is left goes to the next section', [10, 100, 2], [10, 28, 2]],
    ['forty of one section alone', [100, 0, 0], [40, 0, 0]],
  ])('hold %s', (_sentence, [late = 0, fresh = 0, quiet = 0], shown) => {
    const many = (count: number, row: Followed) => Array.from({ length: count }, () => row);
    const rows = [
      ...many(late, aFollowed({ dueAt: at('2026-09-11') })),
      ...many(fresh, aFollowed()),
      ...many(quiet, working()),
    ];
    const shelves = shelvesOf(rows, NOW, 40);
    const of = (section: string) => shelves.find((shelf) => shelf.section === section);
    expect(['late', 'to_take_up', 'in_progress'].map((section) => of(section)?.rows.length ?? 0)).toEqual(shown);
    expect(['late', 'to_take_up', 'in_progress'].map((section) => of(section)?.count ?? 0)).toEqual([
      late,
      fresh,
      quiet,
    ]);
  });
});

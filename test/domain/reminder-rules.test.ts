import { describe, expect, test } from 'vitest';
import type { Delay } from '../../src/domain/schedule.ts';
import { citizenRuleFor, dueAt, nextReminderAt, ruleFor } from '../../src/domain/schedule.ts';
import type { Override } from '../../src/domain/reminder-rules.ts';
import { aRequest, aSchedule, aTown } from './plassans.ts';

const town = aTown();
const days = (amount: number): Delay => ({ amount, unit: 'working_days' });
const anOverride = (changes: Partial<Override>): Override => ({ categories: [], departments: [], ...changes });

/** Monday 7 September 2026 at ten. */
const MONDAY = new Date('2026-09-07T10:00:00+02:00');

describe('S23: a rule', () => {
  const ofRoads = anOverride({ departments: ['voirie'], notTakenUp: { after: days(1) } });
  const ofPotholes = anOverride({ categories: ['chaussee'], notTakenUp: { after: days(2), atMost: 1 } });
  const ofBoth = anOverride({ categories: ['chaussee'], departments: ['desk'], notTakenUp: { atMost: 9 } });

  test.each<[string, Override[], { holder?: string; category?: string | null }, [after: number, atMost: number]]>([
    ['is the town’s where nothing differs', [], {}, [3, 5]],
    ['is the town’s for another office', [ofRoads], { holder: 'urbanisme' }, [3, 5]],
    ['is the office’s', [ofRoads], { holder: 'voirie' }, [1, 5]],
    ['is the category’s, whoever holds it', [ofPotholes], { category: 'chaussee', holder: 'urbanisme' }, [2, 1]],
    ['is the town’s for a request of no category', [ofPotholes], { category: null }, [3, 5]],
    [
      'needs the category and the office where both are named',
      [ofBoth],
      { category: 'chaussee', holder: 'voirie' },
      [3, 5],
    ],
    ['has them at the desk', [ofBoth], { category: 'chaussee' }, [3, 9]],
    [
      'is the last of those that match, key by key',
      [ofRoads, ofPotholes],
      { category: 'chaussee', holder: 'voirie' },
      [2, 1],
    ],
    ['whichever their order', [ofPotholes, ofRoads], { category: 'chaussee', holder: 'voirie' }, [1, 1]],
    ['is everybody’s where nothing is named', [anOverride({ notTakenUp: { atMost: 0 } })], {}, [3, 0]],
  ])('%s', (_sentence, overrides, request, [after, atMost]) => {
    const rule = ruleFor(aRequest(request), aSchedule({ overrides }));
    expect([rule?.after.amount, rule?.atMost, rule?.every.amount]).toEqual([after, atMost, 2]);
  });

  test('of one status leaves the others as they are', () => {
    const schedule = aSchedule({ overrides: [anOverride({ notClosed: { after: days(1) } })] });
    expect(ruleFor(aRequest(), schedule)?.after).toEqual(days(3));
    expect(ruleFor(aRequest({ status: 'in_progress' }), schedule)?.after).toEqual(days(1));
    expect(ruleFor(aRequest({ status: 'on_hold' }), schedule)).toBeNull();
    expect(citizenRuleFor(aRequest({ status: 'on_hold' }), schedule)).toBeNull();
  });

  test('that moves with its request counts from then: due, and reminded, in the new office’s time', () => {
    const schedule = aSchedule({ overrides: [ofRoads] });
    const atDesk = aRequest({ statusSince: MONDAY });
    expect(dueAt(atDesk, schedule, town)).toEqual(new Date('2026-09-10T09:00:00+02:00'));
    expect(dueAt({ ...atDesk, holder: 'voirie' }, schedule, town)).toEqual(new Date('2026-09-08T09:00:00+02:00'));
  });
});

test('whoever is late by a rule with its own hour is late from that hour', () => {
  const schedule = aSchedule({ notTakenUp: { after: days(3), every: days(2), atMost: 5, at: '14:30' } });
  const request = aRequest({ statusSince: MONDAY });
  expect(dueAt(request, schedule, town)).toEqual(nextReminderAt(request, schedule, town));
});

describe('the hour of a rule', () => {
  const at = (hour: string, unit: Delay['unit'] = 'working_days') => {
    const rule = { after: { amount: 3, unit }, every: days(2), atMost: 5, at: hour };
    return nextReminderAt(aRequest({ statusSince: MONDAY }), aSchedule({ notTakenUp: rule }), town);
  };

  test.each<[string, string, Delay['unit'], string]>([
    ['is its own', '14:30', 'working_days', '2026-09-10T14:30:00+02:00'],
    ['of plain days too', '16:00', 'days', '2026-09-10T16:00:00+02:00'],
    ['before the doors open waits for them', '07:00', 'days', '2026-09-10T08:00:00+02:00'],
    ['after they close waits for the next morning', '19:00', 'days', '2026-09-11T08:00:00+02:00'],
    ['says nothing of hours', '16:00', 'hours', '2026-09-07T13:00:00+02:00'],
  ])('%s', (_sentence, hour, unit, expected) => {
    expect(at(hour, unit)).toEqual(new Date(expected));
  });
});

import { describe, expect, test } from 'vitest';
import { forget, forgetOn, isNoticeDue, type Retention, type Span } from '../../src/domain/retention.ts';
import type { RequestState } from '../../src/domain/request.ts';
import { aClosing, aRequest, DESK_PERSON, LISTS, someRules } from './plassans.ts';

const span = (amount: number, unit: Span['unit']): Span => ({ amount, unit });
const HELD = { messages: 3, pieces: 2, bytes: 1_000 };

function rulesWith(keep: Span | null, archive: 'none' | 'visa' = 'none', changes: Partial<Retention> = {}) {
  return someRules({
    retention: { ordinary: { keep, archive }, categories: {}, noticeDays: 30, ...changes },
  });
}

function closed(at: string, changes: Partial<RequestState> = {}): RequestState {
  return aRequest({ status: 'closed', outcome: 'answered', closedAt: new Date(at), ...changes });
}

describe('S24: the first day on which a closed request may be forgotten', () => {
  test.each<[string, string, Span, string]>([
    ['two years, the last day included', '2026-09-07T10:00:00+02:00', span(2, 'years'), '2028-09-08'],
    ['a leap day', '2028-02-29T10:00:00+01:00', span(1, 'years'), '2029-03-01'],
    ['months that end earlier', '2026-08-31T10:00:00+02:00', span(6, 'months'), '2027-03-01'],
    ['days', '2026-09-07T10:00:00+02:00', span(90, 'days'), '2026-12-07'],
    ['closed at night, by the clocks of the town', '2026-09-07T23:30:00+02:00', span(1, 'years'), '2027-09-08'],
    ['and after midnight there, before it in UTC', '2026-09-08T00:30:00+02:00', span(1, 'years'), '2027-09-09'],
    ['nothing, but the time in which it may be reopened', '2026-09-07T10:00:00+02:00', span(0, 'days'), '2026-10-08'],
    ['less than that time', '2026-09-07T10:00:00+02:00', span(10, 'days'), '2026-10-08'],
  ])('%s', (_what, at, keep, day) => {
    expect(forgetOn(closed(at), rulesWith(keep))).toBe(day);
  });

  test('there is none where no time is given, nor for an open, frozen or forgotten one', () => {
    const at = '2026-09-07T10:00:00+02:00';
    const rules = rulesWith(span(1, 'years'));
    expect(forgetOn(closed(at), rulesWith(null))).toBeNull();
    expect(forgetOn(aRequest(), rules)).toBeNull();
    expect(forgetOn(closed(at, { frozenAt: new Date(at) }), rules)).toBeNull();
    expect(forgetOn(closed(at, { anonymisedAt: new Date(at) }), rules)).toBeNull();
  });

  test('a category has its own, and one that the config no longer knows is kept', () => {
    const own = { chaussee: { keep: span(3, 'years'), archive: 'none' } } as const;
    const rules = rulesWith(span(1, 'years'), 'none', { categories: own });
    const at = '2026-09-07T10:00:00+02:00';
    expect(forgetOn(closed(at, { category: 'chaussee' }), rules)).toBe('2029-09-08');
    expect(forgetOn(closed(at, { category: 'supprimee' }), rules)).toBeNull();
  });
});

describe('S21: the notice', () => {
  const rules = rulesWith(span(1, 'years'));
  const request = closed('2026-09-07T10:00:00+02:00');
  test.each<[string, string, boolean]>([
    ['31 days before', '2027-08-08T23:59:00+02:00', false],
    ['30 days before', '2027-08-09T00:01:00+02:00', true],
    ['the day itself', '2027-09-08T03:00:00+02:00', true],
  ])('%s: %s', (_what, at, isDue) => {
    expect(isNoticeDue(request, rules, new Date(at))).toBe(isDue);
    expect(isNoticeDue({ ...request, deletionNoticeAt: new Date(at) }, rules, new Date(at))).toBe(false);
  });
});

describe('S24: whether it is forgotten', () => {
  const rules = rulesWith(span(1, 'years'));
  const announced = { deletionNoticeAt: new Date('2027-08-09T03:30:00+02:00') };
  const request = closed('2026-09-07T10:00:00+02:00', announced);
  const clock = { by: 'clock', visa: null } as const;
  const citizen = { by: 'citizen', visa: null } as const;
  const at = new Date('2027-09-08T03:30:00+02:00');
  const refusalOf = (state: RequestState, asked: typeof clock | typeof citizen, now = at, given = rules) => {
    const decision = forget(state, asked, HELD, given, now);
    return decision.done ? 'done' : decision.refusal;
  };

  test.each<[string, RequestState, Date, string]>([
    ['on its day', request, at, 'done'],
    ['the day before', request, new Date('2027-09-07T23:59:00+02:00'), 'kept_longer'],
    [
      'announced one day too late',
      { ...request, deletionNoticeAt: new Date('2027-08-10T00:10:00+02:00') },
      at,
      'not_announced',
    ],
    ['not announced', { ...request, deletionNoticeAt: null }, at, 'not_announced'],
    ['frozen', { ...request, frozenAt: at }, at, 'frozen'],
    ['reopened', { ...request, status: 'new', outcome: null, closedAt: null }, at, 'still_open'],
    ['closed a moment ago, and it can be undone', { ...request, closing: aClosing(DESK_PERSON) }, at, 'still_open'],
    ['forgotten', { ...request, anonymisedAt: at }, at, 'forgotten'],
  ])('%s', (_what, state, now, expected) => {
    expect(refusalOf(state, clock, now)).toBe(expected);
  });

  test('at the citizen’s own request at once, whatever its day and without a notice; never when it is frozen or open', () => {
    const fresh = closed('2027-09-07T10:00:00+02:00');
    expect(refusalOf(fresh, citizen)).toBe('done');
    expect(refusalOf(fresh, citizen, at, rulesWith(null))).toBe('done');
    expect(refusalOf({ ...fresh, frozenAt: at }, citizen)).toBe('frozen');
    expect(refusalOf(aRequest(), citizen)).toBe('still_open');
  });

  test('what is a public archive needs a visa, whoever asks', () => {
    const archives = rulesWith(span(1, 'years'), 'visa');
    expect(refusalOf(request, clock, at, archives)).toBe('visa_missing');
    expect(refusalOf(request, citizen, at, archives)).toBe('visa_missing');
    expect(forget(request, { by: 'clock', visa: 'AD13/2027/12' }, HELD, archives, at).done).toBe(true);
  });

  test('nothing that somebody said stays; figures, milestones, words of the config and agents do', () => {
    const said = {
      subject: 'x',
      citizenName: 'x',
      citizenPhone: 'x',
      waitReason: 'x',
      frozenReason: 'x',
      details: { lieu: 'x' },
    };
    const full = {
      ...request,
      ...said,
      labels: ['x', LISTS.labels[0] ?? ''],
      pieces: [{ name: 'x', isReceived: true }],
    };
    const decision = forget({ ...full, assignee: 'j.martin@plassans.fr', reopenedCount: 1 }, clock, HELD, rules, at);
    if (!decision.done) throw new Error('refused');
    const after = { ...full, assignee: 'j.martin@plassans.fr', reopenedCount: 1, ...decision.changes };
    expect(JSON.stringify(after)).not.toMatch(/"x"/);
    expect(after).toMatchObject({ reference: request.reference, assignee: 'j.martin@plassans.fr', reopenedCount: 1 });
    expect(after.labels).toEqual([LISTS.labels[0]]);
    expect(decision.event).toMatchObject({ action: 'anonymise', comment: '', details: HELD });
  });
});

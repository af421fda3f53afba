import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addWorkingDays,
  easterSunday,
  isHoliday,
  isWorkingDay,
  TERRITORIES,
  workingDayFrom,
  type Territory,
  type WorkingCalendar,
} from '../../src/domain/calendar.ts';
import { addDays, weekdayOf } from '../../src/domain/local-time.ts';

const FRANCE: WorkingCalendar = { closures: [], territory: 'metropole' };
const ALSACE: WorkingCalendar = { closures: [], territory: 'alsace-moselle' };

describe('Easter', () => {
  test.each([
    ['1954-04-18', 'the rare exception of the epacts'],
    ['1981-04-19', 'the other one'],
    ['2008-03-23', 'almost the earliest'],
    ['2024-03-31', ''],
    ['2025-04-20', ''],
    ['2026-04-05', ''],
    ['2027-03-28', 'the night clocks change'],
    ['2028-04-16', ''],
    ['2038-04-25', 'the latest there is'],
    ['2049-04-18', ''],
  ])('is on %s', (day) => {
    expect(easterSunday(Number(day.slice(0, 4)))).toBe(day);
  });

  test('is what Gauss reckons, from 1900 to 2199', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1900, max: 2199 }), (year) => {
        expect(easterSunday(year)).toBe(easterByGauss(year));
      }),
      { numRuns: 600 },
    );
  });

  test('is a Sunday between 22 March and 25 April, in every year of three centuries', () => {
    for (let year = 1900; year <= 2199; year++) {
      const day = easterSunday(year);
      expect(weekdayOf(day)).toBe(0);
      expect(day >= `${year}-03-22` && day <= `${year}-04-25`).toBe(true);
    }
  });
});

describe('public holidays', () => {
  test.each([
    ['2026', ['2026-04-06', '2026-05-14', '2026-05-25']],
    ['2027', ['2027-03-29', '2027-05-06', '2027-05-17']],
    ['2028', ['2028-04-17', '2028-05-25', '2028-06-05']],
  ])('in %s, Easter Monday, Ascension and Whit Monday move as they must', (_year, days) => {
    expect(days.filter((day) => !isHoliday(day, FRANCE))).toEqual([]);
  });

  test('are the eleven of the code du travail in 2026, and no other day', () => {
    expect(holidaysOf(2026, FRANCE)).toEqual([
      '2026-01-01',
      '2026-04-06',
      '2026-05-01',
      '2026-05-08',
      '2026-05-14',
      '2026-05-25',
      '2026-07-14',
      '2026-08-15',
      '2026-11-01',
      '2026-11-11',
      '2026-12-25',
    ]);
  });

  test('are two more in Alsace and Moselle: Good Friday and the day after Christmas', () => {
    const more = holidaysOf(2026, ALSACE).filter((day) => !isHoliday(day, FRANCE));
    expect(more).toEqual(['2026-04-03', '2026-12-26']);
  });

  /** What each territory adds in 2026 (code du travail L3134-13, L3422-2; its own law in the Pacific). */
  const ADDED: Record<Territory, string[]> = {
    metropole: [],
    'alsace-moselle': ['2026-04-03', '2026-12-26'],
    guadeloupe: ['2026-05-27'],
    martinique: ['2026-05-22'],
    guyane: ['2026-06-10'],
    reunion: ['2026-12-20'],
    mayotte: ['2026-04-27'],
    'saint-barthelemy': ['2026-10-09'],
    'saint-martin': ['2026-05-28'],
    'saint-pierre-et-miquelon': [],
    'nouvelle-caledonie': ['2026-09-24'],
    'polynesie-francaise': ['2026-03-05', '2026-04-03', '2026-11-20'],
    'wallis-et-futuna': ['2026-04-28', '2026-07-29'],
  };

  test.each(TERRITORIES)('of %s are the eleven, and its own', (territory) => {
    const added = holidaysOf(2026, { closures: [], territory }).filter((day) => !isHoliday(day, FRANCE));
    expect(added).toEqual(ADDED[territory]);
  });

  test('that were moved are where they were in their time', () => {
    const saintMartin = { territory: 'saint-martin' } as const;
    expect(['2017-05-27', '2017-05-28', '2018-05-27', '2018-05-28'].map((day) => isHoliday(day, saintMartin))).toEqual([
      true,
      false,
      false,
      true,
    ]);
    const polynesia = { territory: 'polynesie-francaise' } as const;
    expect(['2025-06-29', '2026-06-29', '2026-11-20'].map((day) => isHoliday(day, polynesia))).toEqual([
      true,
      false,
      true,
    ]);
  });

  test('of one place are not those of another, in whatever order they are asked for', () => {
    expect([ALSACE, FRANCE, ALSACE].map((place) => isHoliday('2029-12-26', place))).toEqual([true, false, true]);
  });

  test('are ten days only when Ascension falls on the first of May', () => {
    expect(holidaysOf(2008, FRANCE)).toHaveLength(10);
  });
});

describe('the next working day', () => {
  test.each([
    ['a Thursday before Easter', '2026-04-02', '2026-04-03', '2026-04-07'],
    ['Good Friday', '2026-04-03', '2026-04-07', '2026-04-07'],
    ['the eve of Ascension', '2026-05-13', '2026-05-15', '2026-05-15'],
    ['Christmas Eve', '2026-12-24', '2026-12-28', '2026-12-28'],
    ['a Friday', '2026-09-11', '2026-09-14', '2026-09-14'],
    ['the eve of the 14 July', '2026-07-13', '2026-07-15', '2026-07-15'],
    ['New Year’s Eve', '2026-12-31', '2027-01-04', '2027-01-04'],
  ])('after %s', (_name, from, inFrance, inAlsace) => {
    expect(addWorkingDays(from, 1, FRANCE)).toBe(inFrance);
    expect(addWorkingDays(from, 1, ALSACE)).toBe(inAlsace);
  });

  test('skips the days that the town hall itself is closed', () => {
    const bridge = { ...FRANCE, closures: ['2026-05-15'] };
    expect(isWorkingDay('2026-05-15', bridge)).toBe(false);
    expect(addWorkingDays('2026-05-13', 1, bridge)).toBe('2026-05-18');
  });

  test('is today if today is worked', () => {
    expect(workingDayFrom('2026-09-11', FRANCE)).toBe('2026-09-11');
    expect(workingDayFrom('2026-09-12', FRANCE)).toBe('2026-09-14');
  });

  test('counted in any number, is reached through that many worked days', () => {
    const anyDay = fc.integer({ min: 0, max: 40_000 }).map((count) => addDays('1990-01-01', count));
    fc.assert(
      fc.property(
        anyDay,
        fc.integer({ min: 1, max: 60 }),
        fc.constantFrom(...TERRITORIES),
        (from, count, territory) => {
          const calendar = { closures: ['2026-05-15'], territory };
          const end = addWorkingDays(from, count, calendar);
          expect(isWorkingDay(end, calendar)).toBe(true);
          let worked = 0;
          for (let day = addDays(from, 1); day <= end; day = addDays(day, 1))
            if (isWorkingDay(day, calendar)) worked += 1;
          expect(worked).toBe(count);
        },
      ),
    );
  });
});

function holidaysOf(year: number, calendar: WorkingCalendar): string[] {
  return Array.from({ length: 366 }, (_, offset) => addDays(`${year}-01-01`, offset)).filter(
    (day) => day.startsWith(`${year}`) && isHoliday(day, calendar),
  );
}

/** Gauss, with the constants of his two centuries (1900–2099, 2100–2199) and his two exceptions. */
function easterByGauss(year: number): string {
  const [m, n] = year < 2100 ? [24, 5] : [24, 6];
  const a = year % 19;
  const d = (19 * a + m) % 30;
  const e = (2 * (year % 4) + 4 * (year % 7) + 6 * d + n) % 7;
  const isLate = (d === 29 && e === 6) || (d === 28 && e === 6 && a > 10);
  return addDays(`${year}-03-22`, d + e - (isLate ? 7 : 0));
}

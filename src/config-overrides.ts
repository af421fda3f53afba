import { keyOf, type ConfigFile, type Problem } from './config-file.ts';
import type { Reminders } from './config-reminders.ts';
import { DESK } from './domain/people.ts';

/** An override for what does not exist would never apply: that is said. */
export function checkOverrides(
  schedule: ConfigFile<{ reminders: Reminders }>,
  departments: readonly { id: string }[],
  categories: readonly { id: string }[],
  problems: Problem[],
): void {
  const known = {
    categories: categories.map((each) => each.id),
    departments: [DESK, ...departments.map((each) => each.id)],
  };
  const expected = { categories: 'knownCategory', departments: 'knownOffice' } as const;
  schedule.value.reminders.overrides.forEach((override, i) => {
    for (const list of ['categories', 'departments'] as const) {
      override[list].forEach((found, j) => {
        if (known[list].includes(found)) return;
        const path = ['reminders', 'overrides', i, list, j];
        const line = schedule.lineOf(path);
        problems.push({ file: schedule.file, line, key: keyOf(path), found, expected: expected[list] });
      });
    }
  });
}

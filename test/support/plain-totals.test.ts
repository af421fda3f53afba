import { afterEach, expect, it, vi } from 'vitest';
import type { TestModule } from 'vitest/node';
import { plainTotals } from './plain-totals.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

it.each([
  { run: 'all is well', states: ['passed', 'passed'], broken: [], reason: 'passed', says: '2 passed, 0 failed\n' },
  { run: 'a test fails', states: ['passed', 'failed'], broken: [], reason: 'failed', says: '1 passed, 1 failed\n' },
  {
    run: 'a file cannot be loaded',
    states: [],
    broken: ['SyntaxError'],
    reason: 'failed',
    says: '0 passed, 1 failed\n',
  },
  { run: 'the set-up breaks', states: [], broken: [], reason: 'failed', says: '0 passed, 1 failed\n' },
  {
    run: 'one is skipped',
    states: ['passed', 'skipped'],
    broken: [],
    reason: 'passed',
    says: '1 skipped\n1 passed, 0 failed\n',
  },
] as const)('when $run, the run ends with $says', ({ states, broken, reason, says }) => {
  const printed: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => printed.push(String(text)) > 0);
  const tests = states.map((state) => ({ result: () => ({ state }) }));
  const module = { errors: () => broken, children: { allTests: () => tests } } as unknown as TestModule;
  void plainTotals().onTestRunEnd?.([module], [], reason);
  expect(printed.join('')).toBe(says);
});

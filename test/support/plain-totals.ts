import type { Reporter, TestModule } from 'vitest/node';

type Totals = { passed: number; failed: number; skipped: number };

/** The last line of a run, for a reader who knows no vitest. A file that cannot be loaded counts as one failure. */
export function plainTotals(): Reporter {
  return {
    onTestRunEnd(modules, unhandledErrors, reason) {
      const { passed, failed, skipped } = countTests(modules);
      if (skipped > 0) process.stdout.write(`${skipped} skipped\n`);
      // A run that broke before any test (its set-up, say) must not read as a success.
      const atLeast = reason === 'passed' ? 0 : 1;
      process.stdout.write(`${passed} passed, ${Math.max(failed + unhandledErrors.length, atLeast)} failed\n`);
    },
  };
}

export function countTests(modules: readonly TestModule[]): Totals {
  const totals = { passed: 0, failed: 0, skipped: 0 };
  for (const module of modules) {
    totals.failed += module.errors().length;
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      totals[state === 'pending' ? 'skipped' : state] += 1;
    }
  }
  return totals;
}

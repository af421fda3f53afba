import { defineConfig } from 'vitest/config';
import { plainTotals } from './test/support/plain-totals.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    setupFiles: ['test/support/setup.ts'],
    // Processes, not threads: a journey starts servers, and a test may kill the one it runs in.
    pool: 'forks',
    // More than the two processors: a journey mostly waits for its servers.
    maxWorkers: 3,
    // Long enough for a journey through real servers on a busy machine.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ['default', plainTotals()],
  },
});

// In a file of its own: the run's set-up is outside the tests, where vitest's own functions cannot be imported.
export const DATABASE_PREFIX = 'guichet_test_';

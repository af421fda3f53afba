import { afterAll, afterEach, beforeEach } from 'vitest';
import { dropDatabases, keepDatabases } from './postgres.ts';

const said: string[] = [];

for (const method of ['error', 'warn'] as const) {
  const print = console[method].bind(console);
  console[method] = (...words: unknown[]) => {
    said.push(`console.${method}: ${words.map(String).join(' ')}`);
    print(...words);
  };
}

beforeEach(() => {
  said.length = 0;
});

// A library that warns has usually been misused; a test that means it spies on console itself.
afterEach(({ task }) => {
  if (task.result?.state === 'fail') keepDatabases();
  if (said.length === 0) return;
  keepDatabases();
  throw new Error(`the test printed to the console\n${said.join('\n')}`);
});

afterAll(dropDatabases);

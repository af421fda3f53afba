import { afterEach, expect, it, vi } from 'vitest';
import { missing } from './missing.ts';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

it('is a notice on a machine of one’s own, an error in CI', () => {
  const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  vi.stubEnv('CI', undefined);
  missing('Dovecot', 'another stands in');
  expect(stderr.mock.calls.flat()).toEqual(['\n!!! Dovecot is not installed: another stands in\n']);
  vi.stubEnv('CI', 'true');
  expect(() => missing('Dovecot', 'another stands in')).toThrow('Dovecot is not installed');
});

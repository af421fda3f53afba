import { connect } from 'node:net';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRateLimit, clientKey } from '../../src/web/rate-limit.ts';
import { startWebServer } from '../../src/web/server.ts';
import { startTown, type TestTown } from './town.ts';
import { HANG_MS } from '../support/hang.ts';

let town: TestTown;

beforeAll(async () => {
  town = await startTown();
});
afterAll(async () => town.stop());

async function startSlow(isHealthy: () => Promise<boolean>) {
  const { ground, secrets } = town;
  return startWebServer({ ground, secrets, publicUrl: 'http://localhost', port: 0, trustedProxies: 0, isHealthy });
}

describe('the server', () => {
  it('says whether it is well, and nothing else', async () => {
    for (const [isUp, status] of [
      [true, 200],
      [false, 503],
    ] as const) {
      const web = await startSlow(async () => isUp);
      const response = await fetch(`http://127.0.0.1:${web.port}/health`);
      expect([response.status, await response.json()]).toEqual([status, { ok: isUp }]);
      await web.stop();
    }
  });

  it('answers what it has in hand before it stops, and holds no idle connection', async () => {
    const release = Promise.withResolvers<boolean>();
    const asked = Promise.withResolvers<void>();
    const web = await startSlow(async () => {
      asked.resolve();
      return release.promise;
    });
    const answer = fetch(`http://127.0.0.1:${web.port}/health`);
    await asked.promise;
    const startedAt = performance.now();
    const stopped = web.stop();
    release.resolve(true);
    expect((await answer).status).toBe(200);
    await stopped;
    expect(performance.now() - startedAt).toBeLessThan(HANG_MS);
  });

  it('cuts off whoever sends a request drop by drop', { timeout: 20_000 }, async () => {
    const web = await startSlow(async () => true);
    const socket = connect(web.port, '127.0.0.1');
    await once(socket, 'connect');
    socket.on('error', () => undefined).resume();
    const drops = setInterval(() => socket.write('X-Drop: 1\r\n'), 500);
    socket.write('GET / HTTP/1.1\r\n');
    await once(socket, 'close');
    clearInterval(drops);
    await web.stop();
  });
});

describe('a limit', () => {
  it('lets through as many as it says, then tells how long to wait, then starts anew', () => {
    const limit = createRateLimit(2, 10_000);
    expect([0, 1, 2].map(() => limit.take('a', 0))).toEqual([0, 0, 10]);
    expect(limit.take('b', 4_000)).toBe(0);
    expect(limit.take('a', 9_500)).toBe(1);
    expect(limit.take('a', 10_000)).toBe(0);
  });

  it('keeps a bounded number of keys, however many come', () => {
    const limit = createRateLimit(1, 1e9);
    limit.take('first', 0);
    for (let i = 0; i < 10_000; i++) limit.take(`key ${i}`, 0);
    expect(limit.take('first', 0)).toBe(0);
  });

  it('counts the addresses of one subscriber together', () => {
    expect(clientKey('2001:db8:1:2:3:4:5:6')).toBe(clientKey('2001:db8:1:2::9'));
    expect(clientKey('2001:db8:1:2::9')).not.toBe(clientKey('2001:db8:1:3::9'));
    expect(clientKey('::ffff:192.0.2.1')).toBe('192.0.2.1');
  });
});

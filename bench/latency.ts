import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { startGuichet } from '../src/app.ts';
import { systemClock } from '../src/clock.ts';
import { loadConfig } from '../src/config.ts';
import { createLog } from '../src/log.ts';
import { startImap } from '../test/support/imap.ts';
import { temporaryFolder } from '../test/support/ordinary-user.ts';
import { startSmtpSink } from '../test/support/smtp-sink.ts';
import { benchMail } from './mails.ts';

const USER = 'mairie@plassans.fr';

/** From a mail's arrival in the mailbox to its acknowledgement accepted by SMTP, one mail every so often. */
export async function benchLatency(count: number): Promise<void> {
  const config = loadConfig('config', {});
  if (!config.ok) throw new Error('the sample config does not load');
  const [imap, smtp] = await Promise.all([startImap([USER]), startSmtpSink()]);
  const dataDir = await temporaryFolder('bench-latency');
  const settings = {
    config: config.value,
    imap: { host: imap.host, port: imap.port, secure: false, user: USER, password: imap.password },
    smtp: { host: smtp.host, port: smtp.port, secure: false, user: '', password: '' },
    databaseUrl: null,
    clamd: null,
    dataDir,
    linkSecrets: ['bench-secret-0123456789-abcdefghijkl'],
    publicUrl: 'http://127.0.0.1',
    port: 0,
    trustedProxies: 0,
    logLevel: 'error',
  };
  const guichet = await startGuichet(settings, systemClock, createLog('error'));
  const times: number[] = [];
  try {
    for (let i = 0; i <= count; i++) {
      const started = performance.now();
      await imap.deliver(USER, benchMail(i), new Date());
      await smtp.requireMail({ to: `citizen${i}@example.org` }, 10_000);
      // The first one warms everything up.
      if (i > 0) times.push(performance.now() - started);
      await sleep(100 + Math.random() * 200);
    }
  } finally {
    await guichet.stop();
    await Promise.all([imap.stop(), smtp.stop()]);
    await rm(dataDir, { recursive: true, force: true });
  }
  const at = (share: number) => times.toSorted((one, other) => one - other)[Math.ceil(times.length * share) - 1] ?? 0;
  console.log(`latency: ${times.length} mails through ${imap.software}, arrival to acknowledgement accepted by SMTP`);
  console.log(`  p50 ${at(0.5).toFixed(0)} ms  p95 ${at(0.95).toFixed(0)} ms  max ${at(1).toFixed(0)} ms`);
}

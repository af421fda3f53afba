import { setTimeout as sleep } from 'node:timers/promises';
import { ImapFlow } from 'imapflow';
import { simpleParser } from 'mailparser';
import { systemClock } from '../src/clock.ts';
import { loadConfig } from '../src/config.ts';
import { Poller } from '../src/intake/poller.ts';
import { Receiver } from '../src/intake/receiver.ts';
import { createLog } from '../src/log.ts';
import { openStore, type Ground } from '../src/store/store.ts';

// One measured process, so that its peak memory is its own. Prints one line of JSON.
const [mode, host = '', port = '', user = '', password = '', count = '', databaseUrl = ''] = process.argv.slice(2);
const total = Number(count);
const account = { host, port: Number(port), secure: false, user, password };
const seconds = mode === 'bare' ? await bare() : await guichet();
const peakMb = Math.round(process.resourceUsage().maxRSS / 1_024);
const { userCPUTime, systemCPUTime } = process.resourceUsage();
const cpuMsPerMail = (userCPUTime + systemCPUTime) / 1_000 / total;
process.stdout.write(`${JSON.stringify({ mode, seconds, rate: total / seconds, peakMb, cpuMsPerMail })}\n`);

/** The libraries alone: fetch every mail of the mailbox, parse it, forget it. */
async function bare(): Promise<number> {
  const client = new ImapFlow({
    host,
    port: Number(port),
    secure: false,
    doSTARTTLS: false,
    auth: { user, pass: password },
    logger: false,
  });
  await client.connect();
  await client.mailboxOpen('INBOX');
  const started = performance.now();
  let parsed = 0;
  for await (const message of client.fetch('1:*', { uid: true, source: true })) {
    await simpleParser(message.source as Buffer, { skipHtmlToText: true, skipTextToHtml: true, skipImageLinks: true });
    parsed += 1;
  }
  const elapsed = (performance.now() - started) / 1_000;
  await client.logout();
  if (parsed !== total) throw new Error(`${parsed} of ${total} mails`);
  return elapsed;
}

/** From Dovecot to committed requests, each with its two mails queued, and the mailbox empty. */
async function guichet(): Promise<number> {
  const config = loadConfig('config', {});
  if (!config.ok) throw new Error('the sample config does not load');
  const log = createLog('error');
  const store = await openStore({ databaseUrl, onError: (error) => log.error(error) });
  const ground: Ground = { store, config: config.value, clock: systemClock, log, scansPieces: false };
  const receiver = new Receiver(ground, {
    secrets: ['bench-secret-0123456789-abcdefghijkl'],
    publicUrl: 'https://guichet.example',
  });
  const poller = new Poller(ground, account, receiver);
  const started = performance.now();
  poller.start();
  while ((await store.db.serviceRequest.count()) < total) await sleep(50);
  const elapsed = (performance.now() - started) / 1_000;
  const [requests, mails, jobs, left] = await Promise.all([
    store.db.serviceRequest.count(),
    store.db.outboundEmail.count({ where: { state: 'queued' } }),
    store.db.$queryRaw<{ count: bigint }[]>`SELECT count(*) FROM pgboss.job WHERE name = 'deliver'`,
    store.db.inboundEmail.count({ where: { state: { not: 'done' } } }),
  ]);
  if (requests !== total || mails !== 2 * total || Number(jobs[0]?.count) !== 2 * total || left !== 0) {
    throw new Error(
      `expected ${total} requests, twice as many mails and jobs: ${requests}, ${mails}, ${jobs[0]?.count}; ${left} left`,
    );
  }
  await poller.stop();
  await receiver.stop();
  await store.close();
  return elapsed;
}

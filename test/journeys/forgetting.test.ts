import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Config } from '../../src/config.ts';
import type { Log } from '../../src/log.ts';
import { startEmbeddedPostgres, type EmbeddedServer } from '../../src/store/embedded-postgres.ts';
import { forgetRequest } from '../../src/store/forgetting.ts';
import type { Db } from '../../src/store/store.ts';
import { temporaryFolder } from '../support/ordinary-user.ts';
import { until } from '../support/until.ts';
import { aMail, aReply, linksIn, plain, replyToOf } from './mails.ts';
import { MAILBOX, startTown, type TestTown } from './town.ts';

/** A word is said everywhere that something can be said; once its request is forgotten, it is nowhere. */

const CANARY = `zebulon${randomBytes(8).toString('hex')}`;
const CITIZEN = `Nora ${CANARY} <${CANARY}@example.org>`;
const OTHER = 'Paul Durand <paul@example.org>';

let dataDir: string;
let postgres: EmbeddedServer;
let town: TestTown;
const logged: string[] = [];

function keepLog(): Log {
  const keep = (line: unknown) => void logged.push(JSON.stringify(line));
  return { info: keep, warn: keep, error: keep, fatal: keep, debug: keep } as unknown as Log;
}

/** Kept for a month and announced a month before: all within one school year. */
function soon(config: Config): Config {
  const ordinary = { keep: { amount: 1, unit: 'months' }, archive: 'none' } as const;
  const categories = Object.fromEntries(config.categories.map(({ id }) => [id, ordinary]));
  return { ...config, pollSeconds: 1, retention: { ordinary, categories, noticeDays: 10 } };
}

beforeAll(async () => {
  dataDir = await temporaryFolder('forgetting');
  postgres = await startEmbeddedPostgres(dataDir);
  town = await startTown({ change: soon, databaseUrl: postgres.url, at: '2026-04-13T08:00:00Z', log: keepLog() });
}, 60_000);
afterAll(async () => {
  await town?.stop();
  await postgres?.stop().catch(() => undefined);
  rmSync(dataDir, { recursive: true, force: true });
});

async function press(mail: Parameters<typeof linksIn>[0], link: string, fields: Record<string, string>): Promise<void> {
  const url = [...linksIn(mail)].find(([words]) => words.startsWith(link))?.[1];
  if (url === undefined) throw new Error(`no link « ${link} » in ${[...linksIn(mail).keys()].join(', ')}`);
  await send(url, fields);
}

async function send(url: string, fields: Record<string, string>): Promise<void> {
  const page = await (await fetch(url)).text();
  const nonce = /name="nonce" value="([^"]+)"/.exec(page)?.[1] ?? '';
  town.clock.set(new Date(town.clock.now().getTime() + 5_000).toISOString());
  const answer = await fetch(url, {
    method: 'POST',
    body: new URLSearchParams({ nonce, ...fields }),
    redirect: 'manual',
  });
  if (answer.status !== 303) throw new Error(`the form answered ${answer.status}: ${alertIn(await answer.text())}`);
  await town.quiet();
}

function alertIn(page: string): string {
  return plain(/role="alert">([\s\S]*?)<\/div>/.exec(page)?.[1] ?? page.slice(0, 300));
}

/** From any mail to the desk, the page of an action that the mail itself does not show. */
function pageOf(viewUrl: string, page: string, words: string): string {
  const found = [...page.matchAll(/href="([^"]+)">([^<]+)</g)].find(([, , name = '']) => plain(name) === words);
  if (!found?.[1]) throw new Error(`no action « ${words} »`);
  return new URL(found[1], viewUrl).href;
}

async function act(viewUrl: string, words: string, fields: Record<string, string>): Promise<void> {
  const page = (await (await fetch(viewUrl)).text()).replaceAll('&#39;', "'");
  await send(pageOf(viewUrl, page, words), fields);
}

async function saidEverywhere(): Promise<{ id: string; reference: string; view: string }> {
  const first = await aMail({
    from: CITIZEN,
    subject: `Lampadaire ${CANARY}`,
    text: `Bonjour,\n\nLe lampadaire ${CANARY} est éteint.\nLieu exact : rue ${CANARY}\n\nNora`,
    messageId: `<${CANARY}-1@example.org>`,
    attachments: [
      { filename: `${CANARY}.txt`, content: `le contenu dit ${CANARY}`, contentType: 'text/plain' },
      // Another request has the same bytes.
      { filename: `plan-${CANARY}.txt`, content: 'un plan commun à deux demandes', contentType: 'text/plain' },
    ],
  });
  await town.write(first);
  await town.quiet();
  const { id, reference } = await town.db.serviceRequest.findFirstOrThrow({
    where: { citizenAddress: `${CANARY}@example.org` },
  });
  const told = await town.smtp.requireMail({ to: 'accueil@plassans.fr', subject: reference });
  const acknowledgement = await town.smtp.requireMail({ to: `${CANARY}@example.org` });
  const view = [...linksIn(told)].find(([words]) => words.startsWith('Ouvrir la demande'))?.[1] ?? '';
  // The same mail by another way, and a robot's answer to ours.
  await town.write(Buffer.concat([Buffer.from('Received: from elsewhere.example.org\r\n'), first]));
  await town.write(await aReply(acknowledgement, CITIZEN, `Une précision : ${CANARY}.`));
  await town.write(
    await aReply(acknowledgement, CITIZEN, `Je suis absente, ${CANARY}.`, {
      headers: { 'Auto-Submitted': 'auto-replied' },
    }),
  );
  await town.write(await aReply(acknowledgement, OTHER, `Je suis le voisin de ${CANARY}.`));
  await town.quiet();
  await act(view, 'Écrire une note interne', { comment: `Note sur ${CANARY}.` });
  await act(view, 'Corriger la fiche', {
    'was:citizenPhone': '',
    'field:citizenPhone': `06 ${CANARY}`,
    comment: `Corrigé par ${CANARY}`,
  });
  await act(view, 'Poser un jalon', { milestone: 'Visite sur place', comment: `Vu ${CANARY}.` });
  await act(view, 'Préparer une réponse', { comment: `Brouillon pour ${CANARY}.` });
  await act(view, "Demander un complément à l'usager", {
    comment: `Il manque ${CANARY}.`,
    otherPieces: `Pièce ${CANARY}`,
  });
  await act(view, 'Geler la demande', { comment: `Contentieux ${CANARY}` });
  await act(view, 'Lever le gel', { comment: `Fini ${CANARY}`, confirm: 'yes' });
  await act(view, 'Transmettre à un service', { department: 'voirie', comment: `Pour ${CANARY}` });
  const transferred = await town.smtp.requireMail({ to: 'voirie@plassans.fr', subject: reference });
  await press(transferred, 'Refuser la demande', { comment: `Refusé à cause de ${CANARY}.`, told: 'yes' });
  await askForAll();
  return { id, reference, view };
}

/** The list of all their requests, which belongs to no request. */
async function askForAll(): Promise<void> {
  const page = `${town.url}/mes-demandes`;
  const html = await (await fetch(page)).text();
  const nonce = /name="nonce" value="([^"]+)"/.exec(html)?.[1] ?? '';
  town.clock.set(new Date(town.clock.now().getTime() + 5_000).toISOString());
  const body = new URLSearchParams({ nonce, address: `${CANARY}@example.org` });
  await fetch(page, { method: 'POST', body, redirect: 'manual' });
  await town.quiet();
}

/** As people write it, in base64 at each of its three places, and as bytea is shown. */
function spellings(word: string): RegExp {
  const bases = ['', 'a', 'ab'].map((before) => {
    const skipped = before.length === 0 ? 0 : before.length + 1;
    return Buffer.from(before + word)
      .toString('base64')
      .slice(skipped, -4);
  });
  return new RegExp([word, Buffer.from(word).toString('hex'), ...bases].join('|').replaceAll('+', '\\+'), 'i');
}

/** Every row of every table, whole, the queue's too. */
async function rowsWith(db: Db, pattern: RegExp): Promise<string[]> {
  const tables = await db.$queryRaw<{ name: string }[]>`
    SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname IN ('public', 'pgboss')`;
  const found: string[] = [];
  for (const { name } of tables) {
    const rows = await db.$queryRawUnsafe<{ row: string }[]>(`SELECT t::text AS row FROM ${name} AS t`);
    // What is kept in base64 inside a bytea is shown in hexadecimal: both are looked through.
    const hits = rows.filter(({ row }) => pattern.test(row) || pattern.test(unhexed(row)));
    if (hits.length > 0) found.push(`${name}: ${hits.length}`);
  }
  return found;
}

function unhexed(row: string): string {
  return [...row.matchAll(/\\x([0-9a-f]+)/g)]
    .map(([, hex = '']) => Buffer.from(hex, 'hex').toString('latin1'))
    .join(' ');
}

function filesWith(folder: string, pattern: RegExp): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true)
    .filter((path) => pattern.test(textOf(path)));
}

/** A server that runs takes files away under our eyes. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

async function isCleared(): Promise<boolean> {
  return (await town.db.mailboxErasure.count({ where: { doneAt: null } })) === 0;
}

async function copiesOf(raw: Buffer): Promise<number> {
  const folders = await Promise.all(['INBOX', 'Traités'].map((folder) => town.imap.list(MAILBOX, folder)));
  return folders.flat().filter((mail) => mail.equals(raw)).length;
}

async function mailsWith(pattern: RegExp): Promise<number> {
  const folders = await Promise.all(['INBOX', 'Traités', 'Sent'].map((folder) => town.imap.list(MAILBOX, folder)));
  return folders.flat().filter((raw) => pattern.test(raw.toString('latin1'))).length;
}

/** What a town hall counts: how many, of which category, for whom, when, how they ended, by whom. */
async function figures(db: Db): Promise<unknown[]> {
  return db.$queryRaw<unknown[]>`
    SELECT category, holder, assignee, outcome, origin, to_char("receivedAt", 'YYYY-MM') AS month, count(*)::int,
      sum("reopenedCount")::int AS reopened, (SELECT count(*)::int FROM "Message") AS messages,
      (SELECT count(*)::int FROM "Event" WHERE action NOT IN ('anonymise', 'reminder')) AS events,
      (SELECT count(*)::int FROM "OutboundEmail" WHERE kind NOT LIKE 'deletion%' AND kind NOT IN ('reminder', 'status_report')) AS mails
    FROM "ServiceRequest" GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6`;
}

async function nightOf(day: string): Promise<void> {
  town.clock.set(`${day}T01:25:00Z`);
  await town.guichet.tick();
  town.clock.set(`${day}T01:31:00Z`);
  await town.guichet.tick();
  await town.quiet();
}

describe('S24, D3: forgetting', () => {
  test('what was said of a request is nowhere: not in the database, its files, the mailbox, or the log', async () => {
    const canary = spellings(CANARY);
    const { id, reference, view } = await saidEverywhere();
    const shared = { filename: 'plan.txt', content: 'un plan commun à deux demandes', contentType: 'text/plain' };
    await town.write(await aMail({ from: OTHER, subject: 'Un banc cassé', text: 'Le banc.', attachments: [shared] }));
    await town.quiet();
    const before = await figures(town.db);
    // It is there, everywhere: else that it is gone would prove nothing.
    expect((await rowsWith(town.db, canary)).map((row) => row.split(':')[0])).toEqual(
      expect.arrayContaining(['public."ServiceRequest"', 'public."Event"', 'public."InboundEmail"', 'public."Blob"']),
    );
    expect(await mailsWith(canary)).toBeGreaterThanOrEqual(4);
    await town.db.$executeRaw`ANALYZE`;
    // Years write more than one file of the journal.
    for (let i = 0; i < 4; i += 1) {
      await town.db.$executeRaw`UPDATE "ServiceRequest" SET subject = subject`;
      await town.db.$queryRaw`SELECT pg_switch_wal()::text`;
    }
    await town.db.$executeRaw`CHECKPOINT`;
    expect(filesWith(dataDir, canary).length).toBeGreaterThan(3);

    // Closed on 13 April: the time to reopen it and the month are over on 13 May; the notice comes ten days before.
    await nightOf('2026-05-03');
    expect(town.smtp.mailsTo('dgs@plassans.fr').filter(({ mail }) => mail.subject?.includes('Avis'))).toEqual([]);
    await nightOf('2026-05-04');
    const notice = await town.smtp.requireMail({ to: 'dgs@plassans.fr', subject: 'Avis de suppression' });
    expect(plain(notice.mail.text)).toContain(reference);
    expect(String(notice.mail.html) + notice.mail.text).not.toMatch(canary);
    await nightOf('2026-05-13');
    expect((await town.db.serviceRequest.findUniqueOrThrow({ where: { id } })).anonymisedAt).toBeNull();
    await nightOf('2026-05-14');
    expect((await town.db.serviceRequest.findUniqueOrThrow({ where: { id } })).anonymisedAt).not.toBeNull();
    const report = await town.smtp.requireMail({ to: 'dgs@plassans.fr', subject: 'Compte rendu' });
    expect(plain(report.mail.text)).toContain('1 demande a été anonymisée');
    await until('the mailbox to be cleared', 30_000, async () => isCleared());
    await until('the files to be clear', 10_000, async () => filesWith(dataDir, canary).length === 0);

    expect(await rowsWith(town.db, canary)).toEqual([]);
    expect(await mailsWith(canary)).toBe(0);
    expect(await town.imap.list(MAILBOX, 'Traités')).not.toEqual([]);
    expect(await figures(town.db)).toEqual(before);
    // The other request still has the piece that both had.
    expect(await town.db.blob.count({ where: { attachments: { some: { fileName: 'plan.txt' } } } })).toBe(1);

    const { statusSince: _since, ...left } = await town.db.serviceRequest.findUniqueOrThrow({ where: { id } });
    expect(left).toMatchObject({
      reference,
      outcome: 'refused',
      holder: 'voirie',
      category: 'eclairage',
      forgetOn: null,
    });
    const milestones = await town.db.event.findMany({ where: { requestId: id, action: 'milestone' } });
    expect(milestones.map(({ details }) => details)).toEqual([{ milestone: 'Visite sur place' }]);

    // Whoever answers an old mail begins another request; nothing is added to what is left.
    const [acknowledgement] = town.smtp.mailsTo(`${CANARY}@example.org`);
    if (acknowledgement === undefined) throw new Error('no acknowledgement');
    await town.write(
      await aMail({
        from: 'Zoé <zoe@example.org>',
        to: replyToOf(acknowledgement),
        inReplyTo: acknowledgement.mail.messageId ?? '',
        subject: `Re: [n° ${reference}] Où en est-on ?`,
        text: 'Bonjour, où en est cette affaire ?',
      }),
    );
    await town.quiet();
    expect(await town.db.serviceRequest.count({ where: { citizenAddress: 'zoe@example.org' } })).toBe(1);
    expect(await town.db.message.count({ where: { requestId: id, text: { not: '' } } })).toBe(0);
    const robot = { 'Auto-Submitted': 'auto-replied', 'X-Test': 'late' };
    const inReplyTo = acknowledgement.mail.messageId ?? '';
    await town.write(await aMail({ from: 'Robot <robot@example.org>', inReplyTo, subject: 'Absente', headers: robot }));
    await town.quiet();
    const late = await town.db.inboundEmail.findFirstOrThrow({ where: { fromAddress: 'robot@example.org' } });
    expect(late).toMatchObject({ state: 'archived', requestId: null });
    // The desk's old link has expired.
    expect((await fetch(view)).status).toBe(410);
    expect(logged.length).toBeGreaterThan(20);
    expect(logged.filter((line) => canary.test(line))).toEqual([]);
  }, 180_000);

  test('a mail of the same Message-ID that another request needs stays; one put back is taken out again', async () => {
    const messageId = '<the-same-id@example.org>';
    const first = await aMail({
      from: 'Léa <lea@example.org>',
      subject: 'Un banc',
      text: 'Le banc est cassé.',
      messageId,
    });
    const second = await aMail({
      from: 'Max <max@example.org>',
      subject: 'Un arbre',
      text: 'L’arbre penche.',
      messageId,
    });
    town.clock.set('2026-05-18T08:00:00Z');
    for (const raw of [first, second]) await town.write(raw);
    await town.quiet();
    const { id, reference } = await town.db.serviceRequest.findFirstOrThrow({
      where: { citizenAddress: 'lea@example.org' },
    });
    const told = await town.smtp.requireMail({ to: 'accueil@plassans.fr', subject: reference });
    await press(told, 'Répondre et terminer', { comment: 'Réparé.' });
    await forgetRequest(town.guichet.ground, id, { by: 'citizen', visa: null }, 'test');
    await until('the mailbox to be cleared', 30_000, async () => isCleared());
    expect(await copiesOf(first)).toBe(0);
    expect(await copiesOf(second)).toBe(1);
    await town.write(first);
    await until('it to be taken in', 10_000, async () => (await town.imap.list(MAILBOX, 'INBOX')).length === 0);
    await until('it to be gone', 30_000, async () => (await isCleared()) && (await copiesOf(first)) === 0);
    expect(await town.db.serviceRequest.count({ where: { receivedAt: { gte: town.clock.now() } } })).toBe(0);
    expect(await copiesOf(second)).toBe(1);
  }, 90_000);

  test('and the folder of the database does not have it either, its journal included', async () => {
    await town.guichet.stop();
    await postgres.stop();
    expect(filesWith(dataDir, spellings(CANARY))).toEqual([]);
    postgres = await startEmbeddedPostgres(dataDir);
  });
});

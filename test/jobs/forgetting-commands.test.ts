import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { csvOf } from '../../src/csv.ts';
import { openRequests } from '../../src/store/decide-on.ts';
import { keepEmails } from '../../src/store/inbound-emails.ts';
import { act, aGround, aNewRequest, DESK_PERSON, openOne, type TestGround } from '../store/ground.ts';
import { freshDatabase } from '../support/postgres.ts';
import { until } from '../support/until.ts';

/** What the person who runs it can do from the terminal, with the sample config: two years, and a visa for planning. */

let ground: TestGround;
let url: string;
const folder = mkdtempSync(join(tmpdir(), 'guichet-commands-'));
beforeAll(async () => {
  ({ url } = await freshDatabase());
  ground = await aGround(url);
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await ground?.close();
});

function guichet(...args: string[]): Promise<{ output: string; status: number }> {
  const env = { PATH: process.env['PATH'] ?? '', DATABASE_URL: url, CONFIG_DIR: 'config' };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, ['src/main.ts', ...args], { env }, (_error, stdout, stderr) => {
      resolve({ output: `${stdout}${stderr}`.replaceAll('\u00a0', ' '), status: child.exitCode ?? -1 });
    });
  });
}

const rowOf = (id: string) => ground.store.db.serviceRequest.findUniqueOrThrow({ where: { id } });
const nora = (address: string) => ({ role: 'citizen', department: null, name: 'Nora Lemaire', address }) as const;

async function closedLongAgo(address: string, category: string | null): Promise<string> {
  ground.set('2019-03-04T10:00:00+01:00');
  const id = await openOne(ground, { citizen: nora(address), category });
  await act(ground, id, 'answer', DESK_PERSON, { comment: 'Réparé.' });
  return id;
}

async function announced(id: string): Promise<void> {
  const deletionNoticeAt = new Date('2021-01-04T03:30:00+01:00');
  await ground.store.db.serviceRequest.update({ where: { id }, data: { deletionNoticeAt } });
}

describe('S24: « forget »', () => {
  test('tries unless it is told « --now »: what would go, and why the rest would not', async () => {
    const due = await closedLongAgo('un@example.org', 'chaussee');
    const kept = await closedLongAgo('deux@example.org', 'actes');
    await closedLongAgo('trois@example.org', 'eclairage');
    const open = await openOne(ground);
    await announced(due);
    const { reference } = await rowOf(due);
    for (const args of [[], ['--dry-run']]) {
      const { output, status } = await guichet('forget', ...args);
      expect(status).toBe(0);
      for (const words of [
        'Essai : rien n’a été modifié',
        '1 demande serait anonymisée',
        `n° ${reference}, Chaussée`,
      ]) {
        expect(output).toContain(words);
      }
      for (const why of ['1 : Aucune durée', "1 : La demande n'est pas terminée", "1 : L'avis de suppression"]) {
        expect(output).toContain(why);
      }
      expect((await rowOf(due)).anonymisedAt).toBeNull();
    }
    expect(await guichet('forget', '--now')).toMatchObject({
      status: 0,
      output: expect.stringContaining('1 demande a été anonymisée'),
    });
    expect((await rowOf(due)).anonymisedAt).not.toBeNull();
    for (const id of [kept, open]) expect((await rowOf(id)).anonymisedAt).toBeNull();
    expect((await guichet('forget', '--now')).output).toContain('Aucune demande n’a été anonymisée');
    expect(await guichet('forget', '--now', '--dry-run')).toMatchObject({ status: 2 });
    expect(await guichet('forget', '--maintenant')).toMatchObject({
      status: 2,
      output: expect.stringContaining('Utilisation'),
    });
  }, 60_000);
});

describe('S24: killed in the middle', () => {
  test('each request is forgotten whole or not at all, and the next time ends what is left', async () => {
    const { db } = ground.store;
    const ids: string[] = [];
    for (let i = 0; i < 80; i += 1) ids.push(await closedLongAgo(`k${i}@example.org`, 'chaussee'));
    await db.serviceRequest.updateMany({
      where: { id: { in: ids } },
      data: { deletionNoticeAt: new Date('2021-01-04T03:30:00+01:00') },
    });
    const gone = () => db.serviceRequest.count({ where: { id: { in: ids }, anonymisedAt: { not: null } } });
    let kills = 0;
    for (let aim = 10; aim < 80; aim += 20) {
      const env = { PATH: process.env['PATH'] ?? '', DATABASE_URL: url, CONFIG_DIR: 'config' };
      const child = spawn(process.execPath, ['src/main.ts', 'forget', '--now'], { env, stdio: 'ignore' });
      const exited = once(child, 'exit');
      await until('some to be forgotten', 30_000, async () => (await gone()) >= aim);
      if (child.kill('SIGKILL')) kills += 1;
      await exited;
      expect(await db.message.count({ where: { request: { anonymisedAt: { not: null } }, text: { not: '' } } })).toBe(
        0,
      );
      expect(await db.message.count({ where: { requestId: { in: ids }, text: '' } })).toBe(2 * (await gone()));
    }
    expect(kills).toBeGreaterThanOrEqual(3);
    expect(await gone()).toBeLessThan(80);
    await guichet('forget', '--now');
    expect(await gone()).toBe(80);
    expect(await db.event.count({ where: { requestId: { in: ids }, action: 'anonymise' } })).toBe(80);
  }, 120_000);
});

describe('« citizen »', () => {
  test('export writes everything that is held about an address: the rows, the pieces, the mails as they came', async () => {
    ground.set('2026-09-07T10:00:00+02:00');
    const content = Buffer.from('le plan');
    const attachments = [
      { fileName: '../../plan.txt', contentType: 'text/plain', sha256: 'c'.repeat(64), inline: false, content },
    ];
    const request = aNewRequest(ground, { citizen: nora('export@example.org'), text: 'Mes mots à moi.' });
    const [opened] = await ground.store.db.$transaction((tx) =>
      openRequests(ground, tx, [{ ...request, cause: { ...request.cause, attachments } }]),
    );
    const id = opened?.requestId ?? '';
    await act(ground, id, 'note', DESK_PERSON, { comment: 'Une note sur elle.' });
    const raw = Buffer.from('From: export@example.org\r\nSubject: Brut\r\n\r\nTel quel.\r\n');
    await keepEmails(ground, [{ raw, receivedAt: ground.clock.now(), isTruncated: false }]);
    await ground.store.db.inboundEmail.updateMany({
      where: { size: raw.length },
      data: { requestId: id, fromAddress: 'export@example.org', state: 'done' },
    });
    const to = join(folder, 'export');
    const { output, status } = await guichet('citizen', 'export', ' Export@Example.org', '--to', to);
    expect([status, output]).toEqual([0, expect.stringContaining('1 demande, 1 pièce, 1 message')]);
    const files = readdirSync(to, { recursive: true, encoding: 'utf8' });
    const written = files.filter((name) => /\.(json|txt|eml)$/.test(name)).map((name) => readFileSync(join(to, name)));
    for (const words of ['Mes mots à moi.', 'Une note sur elle.', 'export@example.org', 'le plan', 'Tel quel.']) {
      expect(written.some((bytes) => bytes.includes(words))).toBe(true);
    }
    expect(files.filter((name) => name.includes('plan.txt'))).toHaveLength(1);
    expect(readdirSync(folder)).toEqual(['export']);
    // A second time would mix two states.
    expect(await guichet('citizen', 'export', 'export@example.org', '--to', to)).toMatchObject({ status: 1 });
  }, 60_000);

  test('forget anonymises what is closed, and says why not the rest: open, frozen, a public archive', async () => {
    const address = 'adieu@example.org';
    const [closed, archive, frozen] = [
      await closedLongAgo(address, null),
      await closedLongAgo(address, 'autorisation'),
      await closedLongAgo(address, 'chaussee'),
    ];
    await act(ground, frozen, 'freeze', DESK_PERSON, { comment: 'Contentieux.' });
    const open = await openOne(ground, { citizen: nora(address) });
    const ids = [closed, archive, frozen, open];
    const forgotten = async () => {
      const rows = await Promise.all(ids.map(rowOf));
      return rows.map(({ anonymisedAt }) => anonymisedAt !== null);
    };
    const tried = await guichet('citizen', 'forget', address);
    expect(tried.output).toContain('Seraient anonymisées : 1');
    expect(await forgotten()).toEqual([false, false, false, false]);
    const { output, status } = await guichet('citizen', 'forget', address, '--now');
    expect(status).toBe(0);
    for (const words of ['Anonymisées : 1', 'Gardées : 3', 'Terminez-la', 'gelée', 'visa'])
      expect(output).toContain(words);
    expect(await forgotten()).toEqual([true, false, false, false]);
    expect(await guichet('citizen', 'forget', 'personne')).toMatchObject({ status: 2 });
    expect(await guichet('citizen', 'efface', address)).toMatchObject({ status: 2 });
    expect(await guichet('citizen', 'forget', address, '--tout')).toMatchObject({ status: 2 });
  }, 60_000);
});

describe('« elimination »', () => {
  test('prints the lists, writes the slip for the archives, takes their visa', async () => {
    expect((await guichet('elimination', 'list')).output).toContain('Aucune liste');
    ground.set('2009-03-04T10:00:00+01:00');
    const id = await openOne(ground, { category: 'autorisation' });
    await act(ground, id, 'answer', DESK_PERSON, { comment: 'Non.' });
    await announced(id);
    const { reference } = await rowOf(id);
    expect((await guichet('forget', '--now')).output).toContain('a rejoint la liste d’élimination n° 1');
    expect((await guichet('elimination', 'list', '1')).output).toContain(reference);
    expect((await guichet('elimination', 'visa', '1', 'AD13-7')).output).toContain('encore ouverte');
    const file = join(folder, 'bordereau.csv');
    expect((await guichet('elimination', 'list', '1', '--csv', file)).output).toContain('La liste est close');
    const slip = readFileSync(file, 'utf8');
    expect(slip).toMatch(/^\ufeffNuméro;Catégorie;/);
    expect(slip).toContain(`${reference};Autorisations d'urbanisme;2009-03-04;2009-03-04;0;0;`);
    expect(await guichet('elimination', 'visa', '1', 'AD13-7')).toMatchObject({ status: 0 });
    expect((await guichet('elimination', 'visa', '9', 'AD13-7')).status).toBe(1);
    expect((await guichet('elimination', 'list')).output).toContain('visa AD13-7');
    expect((await guichet('forget', '--now')).output).toContain('1 demande a été anonymisée');
    expect((await rowOf(id)).anonymisedAt).not.toBeNull();
    expect((await guichet('elimination', 'list')).output).toContain('effacées');
    expect((await guichet('elimination', 'visa')).status).toBe(2);
  }, 60_000);

  test('no cell of a slip is taken for a formula, none breaks its line', () => {
    expect(csvOf([['=1+1', '@x', ' -2', 'a;b', 'dit "oui"', '2026-000021']])).toBe(
      '\ufeff\'=1+1;\'@x;\' -2;"a;b";"dit ""oui""";2026-000021\r\n',
    );
  });
});

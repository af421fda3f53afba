import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Config } from '../../src/config.ts';
import { Scheduler } from '../../src/jobs/scheduler.ts';
import { createComposer } from '../../src/outbound/compose.ts';
import { createRenderer, type Renderer } from '../../src/outbound/render.ts';
import { BASKET_LINES } from '../../src/store/baskets.ts';
import { openRequests, TRANSACTION } from '../../src/store/decide-on.ts';
import { freshDatabase } from '../support/postgres.ts';
import {
  act,
  aGround,
  aNewRequest,
  claim,
  DESK_PERSON,
  mailsOf,
  NORA,
  openOne,
  VOIRIE,
  type TestGround,
} from '../store/ground.ts';

/** Requests open on Monday 7 September 2026 at ten: the desk is late on Thursday the 10th at nine. */
const TUESDAY = '2026-09-08T08:00:00+02:00';
const FRIDAY = '2026-09-11T08:00:00+02:00';

let url: string;
let ground: TestGround;
let renderer: Renderer;
const others: TestGround[] = [];

beforeAll(async () => {
  renderer = await createRenderer({ timeZone: 'Europe/Paris' });
});

beforeEach(async () => {
  ({ url } = await freshDatabase());
  ground = await aGround(url);
});

afterEach(async () => {
  await Promise.all([ground, ...others.splice(0)].map((each) => each.close()));
});

describe('N01: the morning’s basket', () => {
  test('brings each office what it has to do, late first, each line with a link of its own', async () => {
    const late = await openOne(ground, { subject: 'Lampadaire' });
    const away = await openOne(ground, { subject: 'Nid-de-poule' });
    await act(ground, away, 'transfer', DESK_PERSON);
    ground.set('2026-09-10T16:00:00+02:00');
    const fresh = await openOne(ground, { subject: 'Horaires' });
    await tickAt(FRIDAY);
    expect(await baskets()).toEqual(['accueil@plassans.fr', 'voirie@plassans.fr']);
    const { text, subject, linked } = await basketOf('accueil@plassans.fr');
    expect(flat(subject)).toBe('Corbeille du vendredi 11 septembre 2026, à traiter : 2');
    expect(linked).toEqual([late, fresh]);
    expect(flat(text)).toMatch(/situation au vendredi 11 septembre 2026 à 8 h 00/);
    expect(flat(text)).toMatch(/EN RETARD : 1 N° \S+ : Lampadaire, Nora Lemaire En retard depuis moins d'un jour/);
    expect(flat(text)).toMatch(/À PRENDRE EN CHARGE : 1 N° \S+ : Horaires/);
    expect(text).not.toContain('Nid-de-poule');
    expect(text.match(/https:\/\/guichet\.example\/a\//g)).toHaveLength(2);
    expect((await basketOf('voirie@plassans.fr')).text).toContain('Nid-de-poule');
  });

  test('is as of when it leaves: what was dealt with meanwhile is not in it', async () => {
    const done = await openOne(ground, { subject: 'Lampadaire' });
    await openOne(ground, { subject: 'Horaires' });
    await tickAt(TUESDAY);
    await act(ground, done, 'accept', DESK_PERSON);
    const { text } = await basketOf('accueil@plassans.fr');
    expect(text).not.toContain('Lampadaire');
    expect(flat(text)).toContain('Demandes à traiter : 1.');
  });

  test('tells that a citizen answered, until somebody deals with it', async () => {
    const id = await openOne(ground);
    await act(ground, id, 'take_charge', DESK_PERSON);
    ground.set('2026-09-07T15:00:00+02:00');
    await act(ground, id, 'citizen_reply', NORA);
    await tickAt(TUESDAY);
    expect(flat((await basketOf('accueil@plassans.fr')).text)).toContain("L'USAGER A RÉPONDU : 1");
    ground.set('2026-09-08T09:00:00+02:00');
    await act(ground, id, 'message', DESK_PERSON);
    await tickAt('2026-09-09T08:00:00+02:00');
    expect(await baskets()).toHaveLength(1);
  });

  test('announces the waits that end within three days', async () => {
    const id = await openOne(ground);
    await act(ground, id, 'take_charge', DESK_PERSON);
    await act(ground, id, 'hold', DESK_PERSON, { until: '2026-09-14' });
    await tickAt('2026-09-10T08:00:00+02:00');
    expect(await baskets()).toEqual([]);
    await tickAt('2026-09-11T09:00:00+02:00');
    expect(flat((await basketOf('accueil@plassans.fr')).text)).toContain("FIN D'ATTENTE PROCHE : 1");
  });

  test('is not sent when there is nothing, when all goes on quietly, when all is over', async () => {
    await tickAt('2026-09-07T10:00:00+02:00');
    await tickAt(TUESDAY);
    await act(ground, await openOne(ground), 'take_charge', DESK_PERSON);
    await act(ground, await openOne(ground), 'accept', DESK_PERSON);
    await tickAt('2026-09-09T08:00:00+02:00');
    expect(await baskets()).toEqual([]);
    expect(await ground.store.db.jobRun.count({ where: { job: 'basket.desk' } })).toBe(2);
  });

  test('is not sent on a holiday, on a Saturday, on a day when the town hall is closed', async () => {
    const everyDay = await another((config) => {
      const reports = { ...config.reports, desk: '0 8 * * *' };
      return { ...config, reports, town: { ...config.town, closures: ['2026-09-18'] } };
    });
    everyDay.set('2026-07-13T07:00:00+02:00');
    await openOne(everyDay);
    const sent: number[] = [];
    for (const day of [
      '2026-07-13',
      '2026-07-14',
      '2026-07-15',
      '2026-09-12',
      '2026-09-13',
      '2026-09-18',
      '2026-09-21',
    ]) {
      everyDay.set(`${day}T08:00:00+02:00`);
      await new Scheduler(everyDay).tick();
      sent.push((await baskets()).length);
    }
    expect(sent).toEqual([1, 1, 2, 2, 2, 2, 3]);
  });

  test('that was missed is made up for the same day, never the day after', async () => {
    await openOne(ground);
    await tickAt('2026-09-08T07:59:00+02:00');
    await tickAt('2026-09-08T11:00:00+02:00');
    expect(await baskets()).toHaveLength(1);
    await tickAt('2026-09-09T07:59:00+02:00');
    await tickAt('2026-09-10T03:00:00+02:00');
    expect(await baskets()).toHaveLength(1);
    await tickAt('2026-09-10T08:00:00+02:00');
    expect(await baskets()).toHaveLength(2);
  });

  test('is sent once though five instances tick at once', async () => {
    await openOne(ground);
    for (let i = 0; i < 4; i++) await another();
    for (const each of [ground, ...others]) each.set(TUESDAY);
    await Promise.all([ground, ...others].map((each) => new Scheduler(each).tick()));
    expect(await baskets()).toEqual(['accueil@plassans.fr']);
  });

  test('of two offices that share an address comes for each', async () => {
    const shared = await another((config) => {
      const departments = config.town.departments.map((each) => ({ ...each, address: 'services@plassans.fr' }));
      return { ...config, town: { ...config.town, departments } };
    });
    for (const department of ['voirie', 'urbanisme']) {
      await act(shared, await openOne(shared), 'transfer', DESK_PERSON, { department });
    }
    shared.set(TUESDAY);
    await new Scheduler(shared).tick();
    expect(await baskets()).toEqual(['services@plassans.fr', 'services@plassans.fr']);
  });

  test('leaves at the hour of the config, or never', async () => {
    const noon = await another((config) => ({
      ...config,
      reports: { ...config.reports, desk: '30 12 * * *', departments: 'never' },
    }));
    noon.set('2026-09-07T10:00:00+02:00');
    await act(noon, await openOne(noon), 'transfer', DESK_PERSON);
    await openOne(noon);
    for (const at of [TUESDAY, '2026-09-08T12:30:00+02:00']) {
      noon.set(at);
      await new Scheduler(noon).tick();
    }
    expect(await baskets()).toEqual(['accueil@plassans.fr']);
  });

  test('of a department that is gone is the desk’s', async () => {
    const id = await openOne(ground);
    await act(ground, id, 'transfer', DESK_PERSON);
    await ground.store.db.serviceRequest.update({ where: { id }, data: { holder: 'parcs' } });
    await tickAt(TUESDAY);
    expect(await baskets()).toEqual(['accueil@plassans.fr']);
  });

  test('holds forty lines of a hundred, the late ones first, and says that there are more', async () => {
    await openFifty();
    ground.set('2026-09-10T16:00:00+02:00');
    await openFifty();
    await tickAt(FRIDAY);
    const { text, html, linked } = await basketOf('accueil@plassans.fr');
    expect(linked).toHaveLength(BASKET_LINES);
    expect(flat(text)).toContain('EN RETARD : 50');
    expect(flat(text)).toContain('À PRENDRE EN CHARGE : 50');
    expect(flat(text).match(/La liste est plus longue/g)).toHaveLength(2);
    expect(Buffer.byteLength(html)).toBeLessThan(80_000);
  });
});

describe('S13: who prefers the digest', () => {
  test('gets no single reminder: what is late stands first in their own basket', async () => {
    const quiet = await another((config) => ({
      ...config,
      town: {
        ...config.town,
        departments: config.town.departments.map((each) => ({ ...each, reminders: 'digest' as const })),
        agents: config.town.agents.map((each) => ({ ...each, reminders: 'digest' as const })),
      },
    }));
    const [mine, theirs] = [
      await openOne(quiet, { subject: 'À Jeanne' }),
      await openOne(quiet, { subject: 'Au service' }),
    ];
    for (const id of [mine, theirs]) await act(quiet, id, 'transfer', DESK_PERSON);
    await act(quiet, mine, 'assign', VOIRIE, { agent: 'j.martin@plassans.fr' });
    for (const at of ['2026-09-10T09:00:00+02:00', FRIDAY]) {
      quiet.set(at);
      await new Scheduler(quiet).tick();
    }
    for (const id of [mine, theirs]) {
      expect((await mailsOf(quiet, id)).filter((mail) => mail.startsWith('reminder'))).toEqual([]);
      const row = await quiet.store.db.serviceRequest.findUniqueOrThrow({ where: { id } });
      expect(row.remindedCount).toBe(1);
    }
    const own = await basketOf('j.martin@plassans.fr', quiet);
    expect(flat(own.text)).toMatch(/EN RETARD : 1 N° \S+ : À Jeanne/);
    expect(own.text).not.toContain('Au service');
    expect(flat((await basketOf('voirie@plassans.fr', quiet)).text)).toContain('EN RETARD : 2');
  });

  test('an agent who does not, gets no basket', async () => {
    const id = await openOne(ground);
    await act(ground, id, 'transfer', DESK_PERSON);
    await act(ground, id, 'assign', VOIRIE, { agent: 'j.martin@plassans.fr' });
    await tickAt(FRIDAY);
    expect(await baskets()).toEqual(['voirie@plassans.fr']);
  });
});

async function another(change?: (config: Config) => Config): Promise<TestGround> {
  const made = await aGround(url, change);
  others.push(made);
  return made;
}

async function tickAt(instant: string): Promise<void> {
  ground.set(instant);
  await new Scheduler(ground).tick();
}

async function baskets(): Promise<string[]> {
  const mails = await ground.store.db.outboundEmail.findMany({ where: { kind: 'basket' } });
  return mails.map(({ toAddress }) => toAddress).toSorted();
}

async function openFifty(): Promise<void> {
  const requests = Array.from({ length: 50 }, () => aNewRequest(ground));
  await ground.store.db.$transaction((tx) => openRequests(ground, tx, requests), TRANSACTION);
}

/** The last one, as it is when it leaves. */
async function basketOf(toAddress: string, from = ground) {
  const where = { kind: 'basket', toAddress };
  const { id } = await ground.store.db.outboundEmail.findFirstOrThrow({ where, orderBy: { id: 'desc' } });
  const mail = await claim(from, id);
  if (mail === null) throw new Error('it may not leave');
  const links = { secrets: ['mQ2vX8rT5kLw9zBnY4sJd7hGc1fPa6eU'], publicUrl: 'https://guichet.example' };
  const { subject, text, html } = await createComposer(from, renderer, links).compose(mail);
  return {
    subject: String(subject),
    text: text as string,
    html: html as string,
    linked: mail.links.map(({ requestId }) => requestId),
  };
}

function flat(text: string): string {
  return text.replace(/\s+/g, ' ');
}

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { raiseAlarm } from '../../src/domain/legal-alarm.ts';
import type { MailFacts } from '../../src/domain/decision.ts';
import { DESK, personOfOffice, supervisorsOf, type Person } from '../../src/domain/people.ts';
import { chase } from '../../src/domain/chase.ts';
import { wake } from '../../src/domain/occurrences.ts';
import { recordDeliveryFailure } from '../../src/domain/undelivered.ts';
import type { RequestState } from '../../src/domain/request.ts';
import { MAIL_KINDS, type MailKind } from '../../src/domain/workflow.ts';
import { sampleFacts } from '../../src/outbound/sample-facts.ts';
import { ORDINARY } from '../../src/outbound/sample-words.ts';
import { sendBaskets } from '../../src/jobs/send-baskets.ts';
import { sendMonthlyReport } from '../../src/jobs/send-monthly-report.ts';
import { forgetDaily } from '../../src/jobs/forget-requests.ts';
import { sendStatusReport } from '../../src/jobs/send-status-report.ts';
import { mailFollowLink, mailOwnRequests } from '../../src/store/citizens.ts';
import { decideOn, type Rule } from '../../src/store/decide-on.ts';
import { newId } from '../../src/store/ids.ts';
import { writeMail } from '../../src/store/write-decisions.ts';
import { actAsCitizen, passUndoWindow } from './citizens.ts';
import { holdOne, TO_VOIRIE } from './held-mails.ts';
import { lettersOf, type Letter } from './letters.ts';
import { dayAfter } from './scenes.ts';
import { actAndFollow, claimsOf, get, hireAgents, JEANNE, linkOf, openRequest, PAUL, post, requestOf } from './town.ts';
import { startTown, type TestTown } from './town.ts';
import { signLink } from '../../src/action-link.ts';

/** Whatever a mail proposes to whoever gets it can be done by them, by that link, at that moment. */

let town: TestTown;
/** `kind → role`: how many links were opened. */
const opened = new Map<string, number>();
const wrong: string[] = [];
const read = new Set<string>();

beforeAll(async () => {
  town = await startTown();
  hireAgents(town);
});
afterAll(async () => town.stop());

const VOIRIE = 'department:voirie';

/** Told to people who have nothing to do any more, or whose mail is its own answer. */
const WITHOUT_LINK = [
  'recalled → department',
  'address_changed → citizen',
  'code → desk',
  'forward_help → department',
  'deletion_report → supervisor',
  'config_changed → supervisor',
  'config_refused → supervisor',
  'preview → supervisor',
];

describe('the mails of the whole workflow', { timeout: 240_000 }, () => {
  it('treating it', async () => {
    const id = await openRequest(town);
    await readMails();
    await staff(id, 'desk', 'transfer', { department: 'voirie', comment: 'Pour vous' });
    await staff(id, VOIRIE, 'take_charge', { told: 'yes', comment: 'Bonjour, nous nous en occupons.' });
    await staff(id, VOIRIE, 'assign', { assignee: JEANNE.address });
    await staff(id, VOIRIE, 'assign', { assignee: PAUL.address });
    await staff(id, VOIRIE, 'draft', { comment: 'Bonjour, bientôt.' });
    await staff(id, VOIRIE, 'message', { comment: 'Bonjour, bientôt, promis.' });
    await staff(id, VOIRIE, 'request_correction', { comment: 'Une photo ?', otherPieces: 'Photo' });
    await citizen(id, 'citizen_reply', { comment: 'La voici.' });
    await staff(id, VOIRIE, 'note', { comment: '@accueil @urbanisme @jeane.martin qu’en pensez-vous ?' });
    await staff(id, VOIRIE, 'share', { colleague: 'etat-civil@plassans.fr', comment: '' });
    await staff(id, VOIRIE, 'note', { comment: 'Personne de nommé.' });
    await staff(id, 'desk', 'note', { comment: 'Et le holder ?' });
    await staff(id, VOIRIE, 'hold', { reason: 'Visite sur place prévue', until: dayAfter(town, 2) });
    town.advance(3 * 86_400_000);
    await system(id, (request, now) => wake(request, town.ground.config.town, now));
    await staff(id, VOIRIE, 'edit', {
      'was:citizenAddress': 'zoe@example.org',
      'field:citizenAddress': 'zoe@example.net',
    });
    await citizen(id, 'confirm_address', { confirm: 'yes' });
  });

  it('sending it from office to office', async () => {
    const id = await atVoirie();
    await staff(id, VOIRIE, 'send_back', { comment: 'Pas nous' });
    await staff(id, 'desk', 'transfer', { department: 'urbanisme', comment: 'Pour vous' });
    await staff(id, 'department:urbanisme', 'send_back', { comment: 'Non plus' });
    await staff(id, 'supervisor', 'transfer', { department: 'voirie', comment: 'Décidé' });
    await staff(id, 'desk', 'transfer', { department: 'urbanisme', comment: 'Finalement' });
    await staff(id, 'desk', 'recall', { comment: 'Erreur' });
  });

  it.each([
    ['accept', { told: 'yes' }],
    ['refuse', { told: 'yes', comment: 'Non' }],
    ['answer', { comment: 'Ouvert le samedi.' }],
  ])('%s, by a department; then the citizen finds it unresolved', async (action, fields) => {
    const id = await atVoirie();
    await staff(id, VOIRIE, action, fields);
    await citizen(id, 'reopen', { comment: 'Ce n’est pas résolu.' });
  });

  it.each([
    ['drop', { told: 'yes', comment: 'Réglé' }],
    ['reorient', { told: 'yes', comment: 'Route départementale', administration: 'Conseil départemental' }],
    ['merge', { told: 'yes' }],
    ['discard', { confirm: 'yes' }],
  ])('%s, by the desk, of what a department held', async (action, fields) => {
    const original = (await requestOf(town, await openRequest(town))).reference;
    await staff(await atVoirie(), 'desk', action, { ...fields, original });
  });

  it('withdrawn by the citizen, and opened again by the desk', async () => {
    const id = await atVoirie();
    await citizen(id, 'withdraw', { confirm: 'yes' });
    await staff(id, 'desk', 'reopen', { comment: 'Par erreur' });
  });

  it('what the clock, the post and the desk’s mailbox write', async () => {
    const id = await atVoirie();
    const owed = await openRequest(town, { category: 'actes' });
    await readMails();
    town.advance(60 * 86_400_000);
    const { config } = town.ground;
    const morning = new Date('2027-03-16T10:00:00Z');
    town.advance(Math.max(0, morning.getTime() - town.ground.clock.now().getTime()));
    await system(id, (request, now) => chase(request, config, now));
    await system(owed, (request, now) => raiseAlarm(request, config, now));
    await sendStatusReport(town.ground, town.ground.clock.now());
    const failed = { kind: 'message', to: personOfOffice(config.town, 'voirie'), answer: '550 5.1.1' };
    await system(id, (request) => recordDeliveryFailure(failed, request, config.town));
    await holdOne(town);
    await holdOne(town, { kind: 'confirm_email', to: TO_VOIRIE, requestId: id });
    await mailFollowLink(town.ground, id, 'zoe@example.org');
    await mailOwnRequests(town.ground, 'zoe@example.org');
    const expired = await claimsOf(town, id, VOIRIE);
    await post(town, `/a/${signLink('action', { ...expired, exp: expired.iat }, town.secrets)}/fresh`, {});
    await readMails();
  });

  it('what the clock writes of a silent citizen, with the escalation, the baskets and the month', async () => {
    const { config } = town.ground;
    const aDay = { amount: 1, unit: 'working_days' } as const;
    const awaitingCitizen = { after: aDay, every: aDay, atMost: 1, andThen: 'close' } as const;
    const notTakenUp = { after: aDay, every: aDay, atMost: 9, escalate: { head: 1, supervisors: 1 } };
    const schedule = { ...config.schedule, awaitingCitizen, notTakenUp };
    const departments = config.town.departments.map((each) => ({
      ...each,
      head: { ...each.head, address: 'chef@plassans.fr' },
    }));
    town.ground.config = { ...config, schedule, town: { ...config.town, departments } };
    const silent = await atVoirie();
    await staff(silent, VOIRIE, 'request_correction', { comment: 'Une photo, s’il vous plaît.' });
    const late = await atVoirie();
    for (let times = 0; times < 2; times++) {
      for (const id of times === 0 ? [silent, late] : [silent]) {
        const { remindAt } = await requestOf(town, id);
        const ahead = (remindAt?.getTime() ?? 0) - town.ground.clock.now().getTime();
        town.advance(Math.max(0, ahead) + 60_000);
        await system(id, (request, now) => chase(request, town.ground.config, now));
      }
    }
    expect(await requestOf(town, silent)).toMatchObject({ status: 'closed', outcome: 'dropped' });
    await sendBaskets(town.ground, [DESK, 'voirie'], town.ground.clock.now());
    await sendMonthlyReport(town.ground, town.ground.clock.now());
    await readMails();
    town.ground.config = config;
  });

  it('what answers a mail or a code', async () => {
    const id = await openRequest(town);
    const { town: hall } = town.ground.config;
    const [desk, voirie] = [personOfOffice(hall, DESK), personOfOffice(hall, 'voirie')];
    await loose(id, 'command_done', desk, { action: 'note', comment: 'Vu.' });
    await loose(id, 'command_help', desk, { action: 'note', comment: 'aide' });
    await loose(id, 'not_done', desk, { action: 'accept', refusal: 'closed_already' });
    await loose(null, 'forward_help', voirie, {
      subject: 'TR: un trou',
      receivedAt: town.ground.clock.now().toISOString(),
    });
    await loose(id, 'code', desk, { action: 'refuse', code: '012345' });
    for (const supervisor of supervisorsOf(hall)) await loose(id, 'fresh_link', supervisor, { action: 'transfer' });
  });

  it('what is about to be forgotten, and what was', async () => {
    await staff(await openRequest(town, { category: 'chaussee' }), 'desk', 'discard', { confirm: 'yes' });
    for (const days of [2 * 366, 31]) {
      town.advance(days * 86_400_000);
      await forgetDaily(town.ground, town.ground.clock.now());
      await readMails();
    }
  });

  it('what the administrator is told of the config', async () => {
    const [administrator = personOfOffice(town.ground.config.town, DESK)] = supervisorsOf(town.ground.config.town);
    for (const kind of ['config_changed', 'config_refused', 'preview'] as const) {
      await loose(null, kind, administrator, sampleFacts(kind, ORDINARY));
    }
    await readMails();
  });

  it('all lead where they say, for whoever they were written to', () => {
    expect(wrong).toEqual([]);
  });

  it('are every kind there is, and each leads somewhere unless it has nothing to lead to', () => {
    const kinds = new Set([...opened.keys()].map((key) => key.split(' → ')[0]));
    expect(MAIL_KINDS.filter((kind) => !kinds.has(kind))).toEqual([]);
    const leadNowhere = [...opened].filter(([, count]) => count === 0).map(([key]) => key);
    expect(leadNowhere.toSorted()).toEqual(WITHOUT_LINK.toSorted());
  });
});

async function atVoirie(): Promise<string> {
  const id = await openRequest(town);
  await readMails();
  await staff(id, 'desk', 'transfer', { department: 'voirie', comment: 'Pour vous' });
  return id;
}

async function staff(id: string, who: string, action: string, fields: Record<string, string>): Promise<void> {
  await actAndFollow(town, await linkOf(town, id, who, action), fields);
  await readMails();
  passUndoWindow(town);
  await readMails();
}

async function citizen(
  id: string,
  action: 'citizen_reply' | 'confirm_address' | 'reopen' | 'withdraw',
  fields: Record<string, string>,
) {
  const answer = await actAsCitizen(town, id, action, fields);
  if (answer.status !== 303) throw new Error(`${action}: ${answer.status}`);
  await readMails();
}

async function system(id: string, rule: Rule): Promise<void> {
  const { decision } = await decideOn(town.ground, id, (request: RequestState, now) => rule(request, now), {
    id: `test:${newId()}`,
  });
  if (!decision.done) throw new Error(decision.refusal);
  await readMails();
}

async function loose(id: string | null, kind: MailKind, to: Person, facts: MailFacts): Promise<void> {
  const { ground } = town;
  const linksTo = id === null || kind === 'code' ? [] : [{ id, holdingNo: (await requestOf(town, id)).holdingNo }];
  const mail = { kind, to, facts: { holder: DESK, ...facts }, showsMessage: false, requestId: id, linksTo };
  await ground.store.db.$transaction((tx) => writeMail(ground, tx, mail, newId()));
  await readMails();
}

/** Each mail when it would leave. */
async function readMails(): Promise<void> {
  for (const letter of await lettersOf(town, null, [], read)) {
    const urls = urlsOf(letter);
    const key = `${letter.kind} → ${letter.toRole}`;
    opened.set(key, (opened.get(key) ?? 0) + urls.length);
    for (const url of urls) await open(key, url);
  }
}

function urlsOf({ text, html }: Letter): string[] {
  const words = `${text} ${html.replaceAll('<wbr>', '').replaceAll('&amp;', '&')}`;
  return [...new Set([...words.matchAll(/https?:\/\/[^\s"'<>]+/g)].map(([url]) => url))].filter((url) =>
    url.startsWith(town.url),
  );
}

async function open(key: string, url: string): Promise<void> {
  town.advance(250);
  const { status, html } = await get(town, url.slice(town.url.length));
  const action = actionOf(url);
  const isLate = html.includes('Cette action n&#39;est plus possible') || html.includes('plus possible');
  const lacksForm = !['view', 'follow', 'mine', ''].includes(action) && !html.includes('name="nonce"');
  if (status !== 200 || isLate || (lacksForm && !url.includes('/f/'))) wrong.push(`${key}: ${action} (${status})`);
}

function actionOf(url: string): string {
  const [, payload] = url.slice(url.lastIndexOf('/') + 1).split('.');
  if (payload === undefined) return '';
  return (JSON.parse(Buffer.from(payload, 'base64url').toString()) as { act: string }).act;
}

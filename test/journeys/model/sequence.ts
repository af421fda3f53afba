import { markSent } from '../../../src/store/delivery-marks.ts';
import { claim } from '../../store/ground.ts';
import type { Ground } from '../../../src/store/store.ts';
import { raiseLegalAlarms } from '../../../src/jobs/raise-legal-alarms.ts';
import { sendReminders } from '../../../src/jobs/send-reminders.ts';
import { wakeRequests } from '../../../src/jobs/wake-requests.ts';
import type { Answer } from '../../../src/web/site.ts';
import { aClick, isReopenable, isWaiting, linksOf, look, press, type Click } from './clicks.ts';
import { crashing, type Crash } from './crash.ts';
import { Violation, type EventRow, type Told } from './history.ts';
import { SECRET_WORDS } from './inputs.ts';
import { closeWorld, judgeAll, openWorld, readOn, type Lane, type World } from './lane.ts';
import { keep, settle, type Letter } from './mails.ts';
import { dice, type Dice } from './random.ts';
import { readAll } from './reading.ts';

/** One town's morning, by chance: five to nine steps, each judged, and all of it at the end. */

export interface Played {
  history: EventRow[];
  counts: Record<string, number>;
}

/** Writing mails out takes longer than deciding them. */
const READ_ONE_IN = 15;

/** @throws Violation with everything that was done, when an invariant breaks */
export async function playSequence(lane: Lane, seed: number): Promise<Played> {
  const world = await openWorld(lane);
  const d = dice(seed);
  const counts: Record<string, number> = {};
  try {
    await take(world, await aLetter(world, true, d), null, counts);
    const length = 4 + d.roll(5);
    for (let i = 0; i < length; i++) await oneStep(world, d, counts);
    await judgeAll(world);
    if (seed % READ_ONE_IN === 0) await readAll(world);
  } catch (error) {
    const told = world.story.join('\n  ');
    throw new Violation(`sequence ${seed}: ${error instanceof Error ? (error.stack ?? '') : String(error)}\n  ${told}`);
  }
  await closeWorld(world);
  return { history: world.history, counts };
}

/** Something that is done, and can be done again after a crash as if for the first time. */
interface Step {
  words: string;
  run(ground: Ground): Promise<Answer | null>;
  /** The events that the design says it brings; null when only the history can be judged. */
  expected: string[] | null;
  click: Click | null;
}

async function oneStep(world: World, d: Dice, counts: Record<string, number>): Promise<void> {
  const isLater = passTime(world, d);
  const step = isLater ? THE_CLOCK : await aStep(world, d);
  if (d.percent(12)) {
    const other = d.percent(30) ? step : await aStep(world, d);
    await together(world, step, other, counts);
  } else {
    await take(world, step, d.percent(18) ? aCrash(d) : null, counts);
  }
}

/** Mostly minutes; sometimes the undo window ends, days pass, links expire. Whether it was so long that the clock speaks first. */
function passTime({ lane }: World, d: Dice): boolean {
  const ms = d.pick([3_000, 20_000, 20_000, 45_000, 61_000, 600_000, 7_200_000, 86_400_000, 4 * 86_400_000]);
  lane.clock.advance(ms + 1 + d.roll(1_000));
  const isLong = d.percent(2);
  if (isLong) lane.clock.advance(d.pick([15, 31, 63]) * 86_400_000);
  return isLong;
}

async function aStep(world: World, d: Dice): Promise<Step> {
  const chosen = d.roll(100);
  if (chosen < 58) return aPress(world, false, d);
  if (chosen < 70) return aPress(world, true, d);
  if (chosen < 84) return aLetter(world, d.percent(25), d);
  if (chosen < 90) return THE_CLOCK;
  if (chosen < 95) return { words: 'mails leave', run: (ground) => deliver(world, ground), expected: [], click: null };
  const links = await linksOf(world);
  const link = d.pick(links);
  return { words: `looks at ${link.reference}`, run: () => look(world, link, d), expected: [], click: null };
}

async function aPress(world: World, isCitizens: boolean, d: Dice): Promise<Step> {
  const click = aClick(world, await linksOf(world), isCitizens, d);
  if (click === null) return aLetter(world, false, d);
  const { link, action, expected, body } = click;
  const who = link.department ?? link.role;
  return {
    words: `${who} presses ${action} on ${link.reference} ${JSON.stringify({ ...body.fields, nonce: click.nonceId })} ${click.flaw}`,
    run: (ground) => press(ground, click),
    expected: expected ? [action] : [],
    click,
  };
}

/** By itself, perhaps with a crash in the middle, then again. */
async function take(world: World, step: Step, crash: Crash | null, counts: Record<string, number>): Promise<void> {
  world.story.push(`${world.lane.clock.now().toISOString()} ${step.words}${crash ? ` ${JSON.stringify(crash)}` : ''}`);
  const { ground } = world.lane;
  let answer: Answer | null = null;
  if (crash !== null) {
    const broken = crashing(ground, crash);
    const isDone = await step.run(broken.ground).then(
      () => true,
      (error: unknown) => {
        if (!broken.hasCrashed()) throw error;
        return false;
      },
    );
    if (!isDone) count(counts, `crash at ${crash.at}`);
  }
  answer = await step.run(ground);
  const events = await readOn(world);
  judgeAnswer(step, answer, world);
  if (step.expected === null) return;
  const done = events.filter(({ action }) => action !== 'duplicate_joined').map(({ action }) => action);
  if (done.join() !== step.expected.join()) {
    throw new Violation(
      `expected «${step.expected.join()}», got «${done.join()}» and ${JSON.stringify(answer)?.slice(0, 600)}`,
    );
  }
}

/** At the same moment; the same one twice is a double click, or two instances with one mail. */
async function together(world: World, one: Step, other: Step, counts: Record<string, number>): Promise<void> {
  world.story.push(`${world.lane.clock.now().toISOString()} TOGETHER: ${one.words}\n    AND ${other.words}`);
  count(counts, one === other ? 'the same twice at once' : 'two at once');
  const { ground } = world.lane;
  const answers = await Promise.all([one.run(ground), other.run(ground)]);
  // A mail that depended on the other one is taken up at the next wake.
  await settle(ground);
  await readOn(world);
  judgeAnswer(one, answers[0], world);
  judgeAnswer(other, answers[1], world);
}

/** « Done » is said exactly when its event is there, once. */
function judgeAnswer({ click }: Step, answer: Answer | null, { history }: World): void {
  if (click === null) return;
  const written = history.filter(({ cause }) => cause === `form:${click.nonceId}`);
  const said = answer?.kind === 'redirect' ? (/[?&]done=([^&]+)/.exec(answer.location)?.[1] ?? '') : null;
  // Pressed again after it left: the page of what happened to it since.
  const isMoved =
    answer?.kind === 'page' && answer.page === 'moved' && written[0]?.holderAfter !== written[0]?.holderBefore;
  if (written.length > 1 || ((written[0]?.id ?? null) !== said && !isMoved)) {
    throw new Violation(`the page says ${String(said)}, written is ${written.map(({ id }) => id).join()}`);
  }
  if (written[0] !== undefined && written[0].action !== click.action)
    throw new Violation('another action than pressed');
}

function aCrash(d: Dice): Crash {
  const at = d.pick(['statement', 'statement', 'terminate', 'commit'] as const);
  return at === 'commit' ? { at } : { at, number: 1 + d.roll(16) };
}

const THE_CLOCK: Step = { words: 'the clock', run: aMinute, expected: null, click: null };

/** What a minute of the clock does; whatever waits for its date goes on. */
async function aMinute(ground: Ground): Promise<null> {
  await sendReminders(ground);
  await wakeRequests(ground);
  await raiseLegalAlarms(ground);
  return null;
}

/** A few of the mails that are due are handed over. */
async function deliver(world: World, ground: Ground): Promise<null> {
  const { rows } = await world.lane.sql.query<{ id: string }>(
    `SELECT o.id FROM "OutboundEmail" o JOIN "ServiceRequest" r ON r.id = o."requestId"
     WHERE r.reference > $1 AND o.state = 'queued' ORDER BY o.id LIMIT 8`,
    [world.start],
  );
  for (const { id } of rows) {
    const mail = await claim(ground, id);
    if (mail !== null) await markSent(ground, id, { state: 'sent', response: '250 OK' });
  }
  return null;
}

interface AnsweredMail {
  messageId: string;
  toRole: string;
  toAddress: string;
  kind: string;
  reference: string;
}

/** Another request, or an answer to any mail of ours by whoever got it. */
async function aLetter(world: World, isNew: boolean, d: Dice): Promise<Step> {
  const id = `<${world.start}-${d.roll(1 << 30)}@example.org>`;
  const number = d.roll(1 << 30);
  const { rows } = await world.lane.sql.query<AnsweredMail>(
    `SELECT o."messageId", o."toRole", o."toAddress", o.kind, r.reference FROM "OutboundEmail" o
     JOIN "ServiceRequest" r ON r.id = o."requestId" WHERE r.reference > $1 AND o.state <> 'cancelled' ORDER BY o.id`,
    [world.start],
  );
  const asking = rows.filter(({ kind }) => kind === 'confirm_address');
  const likely = asking.length > 0 && d.percent(40) ? asking : rows;
  const answered = isNew || rows.length === 0 ? null : d.pick(likely);
  const citizen = d.pick(['nora', 'zoe']) + world.start.slice(5);
  const isRobot = answered !== null && d.percent(6);
  const letter: Letter = {
    id,
    from: answered?.toAddress ?? `${citizen}@example.org`,
    inReplyTo: answered === null ? [] : [answered.messageId],
    subject: answered === null ? `Une demande ${number}` : `Re: [n° ${answered.reference}]`,
    text: wordsOf(answered, number, d),
    hasFile: d.percent(10) && answered?.toRole === 'citizen',
    isRobot,
  };
  const run = async (ground: Ground) => {
    await keep(ground, [letter]);
    await settle(ground);
    return null;
  };
  const expected = isRobot ? ['automatic_mail'] : answered === null ? ['receive'] : expectedOf(world, answered, letter);
  return { words: `mail ${JSON.stringify(letter)}`, run, expected, click: null };
}

/** A hole awaits no decision; whatever else is asked, silence would reject. */
function wordsOf(answered: AnsweredMail | null, number: number, d: Dice): string {
  if (answered === null || answered.toRole === 'citizen') {
    return answered?.kind === 'confirm_address' && d.percent(70)
      ? 'Oui'
      : `Bonjour, ${number % 2 === 0 ? 'il y a un trou' : 'je voudrais une réponse'} au ${number}.`;
  }
  return d.pick([
    `BONJOUR, nous passons ${number}`,
    'accepté',
    `refusé : BONJOUR ${number}`,
    `transmettre voirie : ${SECRET_WORDS} ${number}`,
    `note : ${SECRET_WORDS} ${number}`,
    `renvoyer : ${SECRET_WORDS} ${number}`,
    'je prends',
    'aide',
  ]);
}

/** What a citizen's answer is; an agent's is judged by its event alone. */
function expectedOf(world: World, { reference, toRole }: AnsweredMail, { from, text }: Letter): string[] | null {
  const answered = world.requests.get(reference);
  if (toRole !== 'citizen' || answered === undefined) return null;
  const request = originalOf(world, answered);
  if (request !== answered && from !== answered.citizen && from !== request.citizen) return null;
  if (from !== request.citizen) {
    const confirms = from === request.pending && text === 'Oui';
    return [confirms ? 'confirm_address' : 'third_party_message'];
  }
  return [asCitizen(request, world.lane.clock.now().getTime())];
}

/** What is answered about a duplicate is read where the matter is treated. */
function originalOf(world: World, request: Told): Told {
  const original = request.outcome === 'duplicate' ? world.requests.get(request.related ?? '') : undefined;
  return original === undefined ? request : originalOf(world, original);
}

function asCitizen(request: Told, now: number): string {
  if (request.status !== 'closed' || isWaiting(request, now) || request.outcome === 'discarded') return 'citizen_reply';
  return isReopenable(request, now) ? 'reopen' : 'receive';
}

function count(counts: Record<string, number>, what: string): void {
  counts[what] = (counts[what] ?? 0) + 1;
}

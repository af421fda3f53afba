import type { LinkClaims } from '../../../src/action-link.ts';
import { signLink } from '../../../src/action-link.ts';
import { newId } from '../../../src/store/ids.ts';
import type { Ground } from '../../../src/store/store.ts';
import { actForCitizen } from '../../../src/web/citizen-act.ts';
import { showToCitizen } from '../../../src/web/citizen-page.ts';
import { issueNonce } from '../../../src/web/form-nonce.ts';
import { showDossier } from '../../../src/web/show-dossier.ts';
import type { Answer } from '../../../src/web/site.ts';
import { takeAction } from '../../../src/web/take-action.ts';
import { mayAct, sees, Violation, type Told } from './history.ts';
import { aFile, fillIn, type Filled } from './inputs.ts';
import { SECRETS, siteOn, type World } from './lane.ts';
import type { Dice } from './random.ts';
import { moveOf, REOPEN_MS, TABLE, UNDO_MS } from './table.ts';

/** A link somebody was mailed, what they press with it, and what the design says becomes of that. */

export interface LinkRow {
  id: string;
  requestId: string;
  reference: string;
  role: string;
  department: string | null;
  address: string;
  holdingNo: number;
  createdAt: Date;
  expiresAt: Date;
  revokedAt: Date | null;
  phone: string;
}

export interface Click {
  link: LinkRow;
  action: string;
  nonceId: string;
  body: Filled & { fields: Record<string, string[]> };
  token: string;
  /** What is wrong with it besides its words: '' for nothing. */
  flaw: string;
  /** Whether it becomes an event. */
  expected: boolean;
}

const LINKS = `
  SELECT l.*, r.reference, r."citizenPhone" AS phone FROM "ActionLink" l JOIN "ServiceRequest" r ON r.id = l."requestId"
  WHERE r.reference > $1 ORDER BY l.id`;

export async function linksOf({ lane, start }: World): Promise<LinkRow[]> {
  return (await lane.sql.query<LinkRow>(LINKS, [start])).rows;
}

const CITIZENS = ['withdraw', 'reopen', 'citizen_reply', 'confirm_address'];
const OFFERED = Object.keys(TABLE).filter((action) => !['citizen', 'third_party'].includes(TABLE[action]?.by ?? ''));
/** What opens up a request is taken more often than what ends it, or little would ever happen to one. */
const RARE = ['unshare', 'confirm_address', 'freeze', 'unfreeze'];
const OPENING = ['transfer', 'take_charge', 'send_back', 'recall', 'hold', 'resume', 'request_correction', 'merge'];
const KEEPING = ['note', 'attach', 'milestone', 'label', 'edit', 'share', 'unshare', 'draft', 'assign', 'message'];

/** Mostly something that can be done with a link that lives; or what cannot be done with it; or anything with any. */
export function aClick(world: World, links: readonly LinkRow[], isCitizens: boolean, d: Dice): Click | null {
  const fitting = links.filter(({ role }) => (role === 'citizen') === isCitizens);
  if (fitting.length === 0) return null;
  const live = fitting.filter((link) => opens(link, world) && possible(link, world).length > 0);
  // An address waits to be confirmed in few sequences, and not for long.
  const waiting = live.filter((link) => possible(link, world).includes('confirm_address'));
  if (waiting.length > 0 && d.percent(60)) return fill(world, d.pick(waiting), 'confirm_address', d);
  const all = isCitizens ? CITIZENS : OFFERED;
  const mood = live.length === 0 ? 99 : d.roll(100);
  if (mood >= 90) return fill(world, d.pick(fitting), d.pick(all), d);
  // The desk has a link to everything: a department's turn would hardly ever come.
  const departments = live.filter(({ role }) => role === 'department');
  const link = d.pick(departments.length > 0 && d.percent(50) ? departments : live);
  const open = possible(link, world);
  const closed = all.filter((action) => !open.includes(action));
  return fill(world, link, d.pick(mood < 68 || closed.length === 0 ? sensible(open, d) : closed), d);
}

function sensible(actions: readonly string[], d: Dice): readonly string[] {
  const rare = actions.filter((action) => RARE.includes(action));
  if (rare.length > 0 && d.percent(25)) return rare;
  const opening = actions.filter((action) => OPENING.includes(action));
  if (opening.length > 0 && d.percent(45)) return opening;
  const moving = actions.filter((action) => !KEEPING.includes(action));
  return moving.length > 0 && d.percent(50) ? moving : actions;
}

function fill(world: World, link: LinkRow, action: string, d: Dice): Click {
  const { lane, site, requests } = world;
  const { town } = lane.ground.config;
  const now = lane.clock.now();
  const request = requests.get(link.reference);
  if (request === undefined) throw new Violation(`a link to nothing: ${link.reference}`);
  const all = [...requests.values()];
  const filled =
    link.role === 'citizen' ? citizensWords(action, d) : fillIn(action, request, all, link.phone, town, now, d);
  const claims = claimsOf(link, action);
  // What is wrong besides the words: a page left open too long, another page's form, a damaged link, a machine's haste.
  const flaw = FLAWS[d.roll(40)] ?? '';
  const age = flaw === 'stale' ? 90_000_000 : flaw === 'hasty' ? 0 : 2_000 + d.roll(60_000);
  const shown = new Date(now.getTime() - age);
  const nonce = issueNonce(claims, flaw === 'foreign' ? 'view' : action, site, shown);
  const token = signLink(link.role === 'citizen' ? 'citizen' : 'action', claims, SECRETS);
  const isExpired = link.expiresAt.getTime() + 60_000 < now.getTime();
  const isSound = flaw === '' && !isExpired;
  return {
    link,
    action,
    nonceId: nonceIdOf(nonce),
    body: { ...filled, fields: { ...filled.fields, nonce: [nonce] } },
    flaw,
    token: flaw === 'forged' ? `${token.slice(0, -4)}AAAA` : token,
    expected: isSound && filled.isGood && opens(link, world) && possible(link, world).includes(action),
  };
}

const FLAWS = ['stale', 'hasty', 'foreign', 'forged'];

function citizensWords(action: string, d: Dice): Filled {
  const isGood = d.percent(90);
  const fields: Record<string, string[]> = isGood
    ? { comment: [`Bonjour ${d.roll(1_000_000)}`], confirm: ['yes'] }
    : {};
  const files = action === 'citizen_reply' && isGood && d.percent(20) ? [aFile(d.roll(1_000_000))] : [];
  return { fields, files, isGood };
}

/** What whoever holds this link can do now, by the design. */
function possible(link: LinkRow, world: World): string[] {
  const request = world.requests.get(link.reference);
  if (request === undefined) return [];
  const now = world.lane.clock.now().getTime();
  return link.role === 'citizen'
    ? CITIZENS.filter((action) => isOpenToCitizen(action, request, link.address, now))
    : OFFERED.filter((action) => isOpenToStaff(action, request, link, now));
}

function opens(link: LinkRow, world: World): boolean {
  const request = world.requests.get(link.reference);
  if (request === undefined || link.revokedAt !== null) return false;
  if (link.role === 'citizen') return [request.citizen, request.pending].includes(link.address);
  if (!sees(request, link)) return false;
  return link.role !== 'department' || link.holdingNo === request.holdingNo || request.guests.includes(link.address);
}

function isOpenToStaff(action: string, request: Told, link: LinkRow, now: number): boolean {
  const row = TABLE[action];
  if (row === undefined || !mayAct(row, request, link)) return false;
  if (action === 'undo') return isUndoable(request, link, now);
  if (action === 'reopen' && isWaiting(request, now)) return false;
  if (moveOf(row, request.status) === null) return false;
  if (action === 'recall') return request.holder !== 'desk';
  if (action === 'message') return request.citizen !== '';
  if (action === 'unshare') return request.guests.length > 0;
  if (action === 'freeze') return !request.frozen;
  if (action === 'unfreeze') return request.frozen;
  return true;
}

function isUndoable({ closing }: Told, { role, department, address }: LinkRow, now: number): boolean {
  if (closing === null || now >= closing.event.at.getTime() + UNDO_MS) return false;
  const by = closing.event;
  return by.actorRole === role && by.actorDepartment === department && by.actorAddress === address;
}

function isOpenToCitizen(action: string, request: Told, address: string, now: number): boolean {
  if (action === 'confirm_address') return request.pending !== '' && address === request.pending;
  if (address !== request.citizen) return false;
  if (action === 'withdraw') return request.status !== 'closed';
  const isUntold = isWaiting(request, now);
  if (action === 'citizen_reply') return request.status !== 'closed' || isUntold || isReopenable(request, now);
  return request.status === 'closed' && !isUntold && isReopenable(request, now);
}

/** Its mails wait: nobody knows that it is closed. */
export function isWaiting({ closing }: Told, now: number): boolean {
  return closing !== null && now < closing.event.at.getTime() + UNDO_MS;
}

export function isReopenable({ outcome, closedAt }: Told, now: number): boolean {
  return closedAt !== null && outcome !== 'discarded' && now < closedAt.getTime() + REOPEN_MS;
}

export async function press(ground: Ground, { link, token, body }: Click): Promise<Answer> {
  const sent = { fields: body.fields, files: body.files };
  return link.role === 'citizen' ? actForCitizen(siteOn(ground), token, sent) : takeAction(siteOn(ground), token, sent);
}

/** A GET, by a person or a scanner. */
export async function look({ site }: World, link: LinkRow, d: Dice): Promise<Answer> {
  const isCitizens = link.role === 'citizen';
  const action = d.pick(isCitizens ? ['follow', ...CITIZENS] : ['view', ...OFFERED]);
  const token = signLink(isCitizens ? 'citizen' : 'action', claimsOf(link, action), SECRETS);
  if (isCitizens) return showToCitizen(site, token, newId(), false);
  return showDossier(site, token, { done: '', order: '', template: '' });
}

function claimsOf(link: LinkRow, act: string): LinkClaims {
  const sub = link.department === null ? link.role : `${link.role}:${link.department}`;
  const seconds = (at: Date) => Math.floor(at.getTime() / 1_000);
  return { jti: link.id, rid: link.requestId, sub, act, iat: seconds(link.createdAt), exp: seconds(link.expiresAt) };
}

function nonceIdOf(nonce: string): string {
  const payload = JSON.parse(Buffer.from(nonce.split('.')[1] ?? '', 'base64url').toString()) as { nonce: string };
  return payload.nonce;
}

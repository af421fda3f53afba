import { signLink } from '../../src/action-link.ts';
import { decide, type Act } from '../../src/domain/decide.ts';
import { DESK, personOfOffice, type Person } from '../../src/domain/people.ts';
import type { Action } from '../../src/domain/workflow.ts';
import { decideOn } from '../../src/store/decide-on.ts';
import { newId } from '../../src/store/ids.ts';
import type { NewAttachment } from '../../src/store/write-decisions.ts';
import { claimsOf, get, nonceIn, type Shown, type TestTown } from './town.ts';

/** A citizen at their own pages, and the town hall that acts meanwhile. */

/** The path of the newest link mailed to the citizen. */
export async function citizenLink(town: TestTown, requestId: string, act = 'follow'): Promise<string> {
  return `/d/${signLink('citizen', await claimsOf(town, requestId, 'citizen', act), town.secrets)}`;
}

export async function citizenFile(town: TestTown, requestId: string, attachmentId: string): Promise<string> {
  return `/f/${signLink('file', await claimsOf(town, requestId, 'citizen', attachmentId), town.secrets)}`;
}

/** Whoever holds it by `office` (the desk, or a department) does something, as their pages would. */
export async function officeDoes(
  { ground }: TestTown,
  requestId: string,
  act: Partial<Act> & { action: Action },
  office = DESK,
  attachments: readonly NewAttachment[] = [],
): Promise<void> {
  const actor: Person = act.actor ?? personOfOffice(ground.config.town, office);
  const cause = { id: `test:${newId()}`, attachments };
  const { decision } = await decideOn(
    ground,
    requestId,
    (request, now) => decide(request, { comment: '', ...act, actor }, ground.config, now),
    cause,
  );
  if (!decision.done) throw new Error(`refused: ${decision.refusal}`);
}

/** Nothing can be undone any more, and the mails have left. */
export function passUndoWindow(town: TestTown): void {
  town.advance((town.ground.config.schedule.undoSeconds + 1) * 1_000);
}

/** Reads the page, takes a person's time, sends the form as a browser does. */
export async function actAsCitizen(
  town: TestTown,
  requestId: string,
  action: Action,
  fields: Record<string, string>,
  files: readonly File[] = [],
): Promise<Shown> {
  const path = await citizenLink(town, requestId, action);
  const nonce = nonceIn((await get(town, path)).html);
  town.advance(2_000);
  return send(town, path, { nonce, ...fields }, files);
}

export async function send(
  town: TestTown,
  path: string,
  fields: Record<string, string>,
  files: readonly File[] = [],
): Promise<Shown> {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  for (const file of files) body.append('pieces', file);
  const response = await fetch(town.url + path, { method: 'POST', body, redirect: 'manual' });
  return { status: response.status, html: await response.text(), headers: response.headers };
}

/** What they see after a redirect. */
export async function landed(town: TestTown, answer: Shown): Promise<Shown> {
  if (answer.status !== 303) throw new Error(`expected a redirect, not ${answer.status}`);
  return get(town, answer.headers.get('location') ?? '');
}

/** The mails of a kind, oldest first. */
export async function mailsOf({ ground }: TestTown, kind: string, toAddress: string) {
  return ground.store.db.outboundEmail.findMany({ where: { kind, toAddress }, orderBy: { id: 'asc' } });
}

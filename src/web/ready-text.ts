import type { RequestState } from '../domain/request.ts';
import type { Rulebook } from '../domain/rulebook.ts';
import type { Action } from '../domain/workflow.ts';
import { fillPlain } from '../template.ts';

/** Words that the page proposes before anybody has written: a draft, a ready-made answer, the usual mail. */

/** Whose form begins with the answer in preparation. */
const CONTINUES_DRAFT: readonly Action[] = ['draft', 'message', 'answer'];
/** Whose form offers ready-made answers. */
const OFFERS_REPLIES: readonly Action[] = ['message', 'answer', 'draft', 'request_correction'];

/** `templateId`: the ready-made answer that was asked for. '' when nothing is proposed. */
export function readyText(action: Action, templateId: string, request: RequestState, rules: Rulebook): string {
  const chosen = repliesFor(action, request, rules).find(({ id }) => id === templateId);
  if (chosen !== undefined) return chosen.text;
  if (action === 'take_charge') return usualMail(request, rules);
  return CONTINUES_DRAFT.includes(action) ? (request.draft?.text ?? '') : '';
}

export function repliesFor(
  action: Action,
  request: RequestState,
  { lists }: Rulebook,
): { id: string; name: string; text: string }[] {
  if (!OFFERS_REPLIES.includes(action)) return [];
  return lists.replies.map(({ id, name, text }) => ({ id, name, text: filled(text, request) }));
}

/**
 * Sent as it was proposed: then a person says that they read it, or a robot that presses buttons would. The mail of
 * taking charge has a choice of its own, and a draft kept as it was changes nothing.
 */
export function isReadyMade(action: Action, comment: string, request: RequestState, rules: Rulebook): boolean {
  if (comment === '' || action === 'take_charge') return false;
  const isDraft = action !== 'draft' && CONTINUES_DRAFT.includes(action) && comment === request.draft?.text.trim();
  return isDraft || repliesFor(action, request, rules).some(({ text }) => text.trim() === comment);
}

function usualMail(request: RequestState, { town }: Rulebook): string {
  return fillPlain('pages/_taken-in-charge.txt', { request, town }).trim();
}

function filled(text: string, { reference, subject, citizenName }: RequestState): string {
  const values: Record<string, string> = { numéro: reference, objet: subject, nom: citizenName };
  return text.replace(/\{(\p{L}+)\}/gu, (whole, name: string) => values[name] ?? whole).trim();
}

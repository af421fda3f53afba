import { readReference } from '../domain/reference.ts';

/** What a person says of a held mail: one choice, and a number when they name another request. */

export interface HeldInput {
  nonce: string;
  /** `new`, `ignore`, `other`, a reference; from its author `mine` or `not_mine`. */
  choice: string;
  reference: string;
  /** Who they are behind a shared mailbox. */
  agent: string;
}

export type HeldChoice = { as: 'new' | 'ignore' | 'mine' | 'not_mine' } | { as: 'attach'; reference: string };

/** Field → key of the section `pageHeldErrors`. */
export type HeldErrors = Partial<Record<'choice' | 'reference', string>>;

export type Chosen = { ok: true; choice: HeldChoice } | { ok: false; errors: HeldErrors };

export const EMPTY_HELD_INPUT: HeldInput = { nonce: '', choice: '', reference: '', agent: '' };
export const MAX_REFERENCE = 40;
export const MAX_AGENT = 80;

export function readHeldForm(body: unknown): HeldInput {
  const fields = (body ?? {}) as Record<string, unknown>;
  const line = (name: string, max: number) => {
    const value = fields[name];
    return typeof value === 'string' ? value.replace(/\s+/g, ' ').trim().slice(0, max) : '';
  };
  const nonce = typeof fields['nonce'] === 'string' ? fields['nonce'] : '';
  return {
    nonce,
    choice: line('choice', MAX_REFERENCE),
    reference: line('reference', MAX_REFERENCE),
    agent: line('agent', MAX_AGENT),
  };
}

/** Nothing is chosen beforehand, so that a robot that only presses the button decides nothing. */
export function chosenIn({ choice, reference }: HeldInput, isAuthor: boolean): Chosen {
  if (isAuthor) {
    const isAnswer = choice === 'mine' || choice === 'not_mine';
    return isAnswer ? { ok: true, choice: { as: choice } } : wrong({ choice: 'answer_required' });
  }
  if (choice === 'new' || choice === 'ignore') return { ok: true, choice: { as: choice } };
  if (choice === 'other') {
    if (reference === '') return wrong({ reference: 'reference_required' });
    const read = readReference(reference);
    return read === null
      ? wrong({ reference: 'reference_malformed' })
      : { ok: true, choice: { as: 'attach', reference: read } };
  }
  // The suggestion's button carries the number that was read beside it, whatever is suggested since.
  const suggested = readReference(choice);
  return suggested === null
    ? wrong({ choice: 'choice_required' })
    : { ok: true, choice: { as: 'attach', reference: suggested } };
}

function wrong(errors: HeldErrors): Chosen {
  return { ok: false, errors };
}

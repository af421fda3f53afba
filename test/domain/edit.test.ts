import { describe, expect, test } from 'vitest';
import { decide } from '../../src/domain/decide.ts';
import type { Decision, Done, Refusal } from '../../src/domain/decision.ts';
import { editableFields, type FieldChange } from '../../src/domain/edit.ts';
import type { RequestState } from '../../src/domain/request.ts';
import { anAct, aRequest, DESK_PERSON, NORA, NOW, someRules } from './plassans.ts';

const rules = someRules();

/** A birth certificate is asked for; one piece was asked of the citizen. */
const request = aRequest({
  category: 'actes',
  details: { acte: 'naissance' },
  pieces: [{ name: 'Justificatif d’identité', isReceived: false }],
});

describe('N05, N06, N12: everything of a request can be corrected but its number', () => {
  test('and the page shows what can, as it is now', () => {
    expect(editableFields(request, rules)).toEqual([
      { field: 'citizenName', value: 'Nora Lemaire' },
      { field: 'citizenAddress', value: 'nora@example.org' },
      { field: 'citizenPhone', value: '' },
      { field: 'citizenPostalAddress', value: '' },
      { field: 'citizenOrganisation', value: '' },
      { field: 'citizenLanguage', value: '' },
      { field: 'subject', value: 'Nid-de-poule rue des Lilas' },
      { field: 'category', value: 'actes' },
      { field: 'origin', value: 'email' },
      { field: 'detail:acte', value: 'naissance' },
      { field: 'detail:date', value: '' },
      { field: 'piece:Justificatif d’identité', value: '' },
    ]);
  });

  test.each<[string, string, Partial<RequestState>]>([
    ['citizenName', 'Nora Lemaire-Durand', { citizenName: 'Nora Lemaire-Durand' }],
    ['citizenLanguage', 'en', { citizenLanguage: 'en' }],
    ['citizenPhone', ' 04 42 00 00 99 ', { citizenPhone: '04 42 00 00 99' }],
    [
      'citizenPostalAddress',
      '12 rue des Lilas\n13100 Plassans',
      { citizenPostalAddress: '12 rue des Lilas\n13100 Plassans' },
    ],
    ['citizenOrganisation', 'Association des Lilas', { citizenOrganisation: 'Association des Lilas' }],
    ['subject', 'Acte de naissance', { subject: 'Acte de naissance' }],
    ['category', 'chaussee', { category: 'chaussee' }],
    ['category', '', { category: null }],
    ['origin', 'phone', { origin: 'phone' }],
    ['detail:acte', 'MARIAGE', { details: { acte: 'mariage' } }],
    ['detail:acte', '', { details: { acte: '' } }],
    ['detail:date', '12 mars 1984', { details: { acte: 'naissance', date: '1984-03-12' } }],
    ['piece:Justificatif d’identité', 'yes', { pieces: [{ name: 'Justificatif d’identité', isReceived: true }] }],
  ])('%s: « %s »', (field, value, changes) => {
    const { changes: found, event } = done(edited([changeOf(field, value)]));
    expect({ ...request, ...found }).toEqual({ ...request, ...changes });
    const [edit] = JSON.parse(String(event.details['edits'])) as { field: string; before: string; after: string }[];
    expect(edit).toMatchObject({ field, before: valueOf(field) });
  });

  test('several at once, each with what it was before in the history', () => {
    const changes = [
      changeOf('citizenPhone', '0442'),
      changeOf('subject', 'Trou'),
      changeOf('detail:date', '1/2/1984'),
    ];
    const { event } = done(edited(changes));
    expect(JSON.parse(String(event.details['edits']))).toEqual([
      { field: 'citizenPhone', before: '', after: '0442' },
      { field: 'subject', before: 'Nid-de-poule rue des Lilas', after: 'Trou' },
      { field: 'detail:date', before: '', after: '1984-02-01' },
    ]);
  });

  test('never the number, nor what no page shows', () => {
    for (const field of [
      'reference',
      'status',
      'holder',
      'outcome',
      '__proto__',
      'detail:lieu',
      'piece:Autre',
      'draft',
    ]) {
      expect([field, edited([{ field, was: '', value: 'x' }])]).toEqual([field, refusal('field_invalid')]);
    }
  });

  test.each([
    ['category', 'inconnue'],
    ['origin', 'pigeon'],
    ['detail:acte', 'divorce'],
    ['detail:date', '31 février 1984'],
    ['piece:Justificatif d’identité', 'peut-être'],
    ['citizenName', 'Nora\nLemaire'],
    ['citizenName', 'x'.repeat(201)],
    ['citizenPostalAddress', 'x'.repeat(501)],
    ['citizenAddress', 'nora'],
    ['citizenAddress', 'nora@example'],
    ['citizenAddress', 'Nora <nora@example.org>'],
    ['citizenAddress', 'nora@example.org, voisin@example.org'],
    ['citizenAddress', 'nora@exemple.fr\nBcc: x@example.org'],
    ['citizenAddress', 'mairie@plassans.fr'],
  ])('%s cannot become « %s »', (field, value) => {
    expect(edited([changeOf(field, value)])).toEqual(refusal('field_invalid'));
  });
});

describe('a correction that corrects nothing', () => {
  test('is refused: nothing is written in the history', () => {
    expect(edited([])).toEqual(refusal('nothing_changed'));
    expect(edited([changeOf('citizenName', 'Nora Lemaire'), changeOf('subject', valueOf('subject'))])).toEqual(
      refusal('nothing_changed'),
    );
  });

  test.each([
    ['citizenName', '  Nora Lemaire '],
    ['citizenAddress', 'Nora@Example.org'],
    ['detail:acte', 'NAISSANCE'],
  ])('nor does %s written otherwise (« %s ») count', (field, value) => {
    expect(edited([changeOf(field, value)])).toEqual(refusal('nothing_changed'));
    const { event, mails } = done(edited([changeOf(field, value), changeOf('citizenPhone', '0442')]));
    expect(JSON.parse(String(event.details['edits']))).toHaveLength(1);
    expect(mails).toEqual([]);
  });
});

describe('N13: two agents who correct at once', () => {
  const phoned = { ...request, citizenPhone: '0490' };

  test('the same line: the second is told, and nothing of theirs is written', () => {
    const both = [changeOf('citizenPhone', '0442'), changeOf('subject', 'Trou')];
    expect(edited(both, phoned)).toEqual(refusal('changed_meanwhile'));
  });

  test('different lines: both hold', () => {
    const { changes } = done(edited([changeOf('subject', 'Trou')], phoned));
    expect({ ...phoned, ...changes }).toMatchObject({ citizenPhone: '0490', subject: 'Trou' });
  });

  test('the same line in the same way: nothing is left to write', () => {
    expect(edited([changeOf('citizenPhone', '0490')], phoned)).toEqual(refusal('nothing_changed'));
    const { event } = done(edited([changeOf('citizenPhone', '0490'), changeOf('subject', 'Trou')], phoned));
    expect(JSON.parse(String(event.details['edits']))).toEqual([
      { field: 'subject', before: valueOf('subject'), after: 'Trou' },
    ]);
  });

  test('two details of one category: both hold', () => {
    const { changes } = done(edited([changeOf('detail:date', '1984-03-12'), changeOf('detail:acte', 'mariage')]));
    expect(changes.details).toEqual({ acte: 'mariage', date: '1984-03-12' });
  });
});

describe('N10: another address of the citizen', () => {
  const NEW = 'nora@nouvelle.fr';

  test('is only proposed: it is asked to confirm, and the request stays the old one’s', () => {
    const { changes, mails } = done(edited([changeOf('citizenAddress', 'Nora@Nouvelle.FR')]));
    expect(changes).toMatchObject({ pendingAddress: NEW });
    expect(changes).not.toHaveProperty('citizenAddress');
    expect(mails.map(({ kind, to }) => [kind, to.role, to.address])).toEqual([['confirm_address', 'citizen', NEW]]);
  });

  test('proposed a second time is not mailed a second time; yet another one is', () => {
    const pending = { ...request, pendingAddress: NEW };
    expect(done(edited([changeOf('citizenAddress', NEW)], pending)).mails).toEqual([]);
    const other = done(edited([changeOf('citizenAddress', 'nora@troisieme.fr')], pending));
    expect(other.mails.map(({ to }) => to.address)).toEqual(['nora@troisieme.fr']);
  });

  test('that was confirmed while the page was open is not asked again', () => {
    const confirmed = { ...request, citizenAddress: NEW };
    expect(edited([changeOf('citizenAddress', NEW)], confirmed)).toEqual(refusal('nothing_changed'));
  });

  test('taken away leaves none, and none to confirm; its owner is told at it', () => {
    const pending = { ...request, pendingAddress: NEW };
    const { changes, mails } = done(edited([changeOf('citizenAddress', '')], pending));
    expect(changes).toMatchObject({ citizenAddress: '', pendingAddress: '' });
    expect(mails.map(({ kind, to }) => `${kind} → ${to.address}`)).toEqual(['address_changed → nora@example.org']);
  });

  test('where none was known is asked too', () => {
    const unknown = { ...request, citizenAddress: '' };
    const { changes, mails } = done(edited([{ field: 'citizenAddress', was: '', value: NEW }], unknown));
    expect(changes.pendingAddress).toBe(NEW);
    expect(mails.map(({ to }) => to.address)).toEqual([NEW]);
  });

  test('once confirmed is the citizen’s, no dead mailbox any more; the old one is told, the new one masked', () => {
    const pending = { ...request, pendingAddress: NEW, undeliverable: true };
    const { changes, mails } = done(
      decide(pending, anAct('confirm_address', { ...NORA, address: NEW }, { comment: '' }), rules, NOW),
    );
    expect(changes).toMatchObject({ citizenAddress: NEW, pendingAddress: '', undeliverable: false });
    expect(mails.map(({ kind, to }) => [kind, to.address])).toEqual([['address_changed', 'nora@example.org']]);
    expect(mails[0]?.facts['maskedAddress']).toMatch(/@/);
    expect(JSON.stringify(mails)).not.toContain(NEW);
  });
});

function valueOf(field: string): string {
  return editableFields(request, rules).find((each) => each.field === field)?.value ?? '';
}

function changeOf(field: string, value: string): FieldChange {
  return { field, was: valueOf(field), value };
}

function edited(fields: FieldChange[], of: RequestState = request): Decision {
  return decide(of, anAct('edit', DESK_PERSON, { comment: '', fields }), rules, NOW);
}

function done(decision: Decision): Done {
  if (!decision.done) throw new Error(`refused: ${decision.refusal}`);
  return decision;
}

function refusal(reason: Refusal): Decision {
  return { done: false, refusal: reason };
}

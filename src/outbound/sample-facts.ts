import { rowsOf, type MailFacts } from '../domain/decision.ts';
import type { MailKind } from '../domain/workflow.ts';
import { ORDINARY, type Words } from './sample-words.ts';

/** What the decision knew, in the samples: for each kind what its mail tells. */

export function sampleFacts(kind: MailKind, words: Words): MailFacts {
  const answer = words.answer ?? words.text;
  const common = { action: 'note', comment: answer, actorName: 'Jeanne Martin', actorRole: 'department' };
  const opening = { action: 'receive', holder: 'desk' };
  const special: Partial<Record<MailKind, MailFacts>> = {
    acknowledgement: opening,
    new_request: opening,
    reply_received: { action: 'citizen_reply', comment: words.text, actorName: words.name, actorRole: 'citizen' },
    decision: { ...common, outcome: 'refused', reopenUntil: '2026-05-07' },
    decision_copy: { ...common, outcome: 'refused' },
    receipt: {
      ...common,
      outcome: 'refused',
      undoUntil: '2026-04-07T07:31:00.000Z',
      citizenToldAt: '2026-04-07T07:31:00.000Z',
    },
    reminder: { action: 'reminder', number: 2, status: 'new' },
    legal_alarm: {
      action: 'legal_alarm',
      daysLeft: 10,
      decidesOn: '2026-06-06',
      regime: 'rejection',
      legalBasis: "article L. 231-4 du code des relations entre le public et l'administration",
    },
    citizen_reminder: {
      action: 'citizen_reminder',
      comment: words.text,
      number: 2,
      pieces: `${words.fileName.replace(/\s+/g, ' ')}\nUne photo du compteur`,
      dueOn: '2026-05-07',
      closesOn: '2026-05-11',
    },
    citizen_silent: {
      action: 'citizen_silent',
      pieces: `${words.fileName.replace(/\s+/g, ' ')}\nUne photo du compteur`,
    },
    lapsed_citizen: {
      action: 'lapsed',
      outcome: 'dropped',
      pieces: `${words.fileName.replace(/\s+/g, ' ')}\nUne photo du compteur`,
      reopenUntil: '2026-05-07',
    },
    basket: {},
    monthly_report: { month: '2026-03' },
    undelivered: {
      failedKind: 'decision',
      failedName: words.name,
      failedAddress: 'jean.dupont@example.org',
      failedRole: 'citizen',
      answer: `550 5.1.1 ${words.subject}`,
    },
    held_email: {
      reason: 'ambiguous',
      from: `${words.name} <jean.dupont@example.org>`,
      subject: words.subject,
      receivedAt: '2026-04-06T12:05:00.000Z',
      inboundId: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b',
      excerpt: words.text,
      suggestedReference: '2026-000021',
    },
    confirm_email: {
      subject: words.subject,
      receivedAt: '2026-04-06T12:05:00.000Z',
      inboundId: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b',
      excerpt: words.text,
    },
    not_done: { ...common, refusal: 'closed_already' },
    forward_help: { subject: words.subject, receivedAt: '2026-04-06T12:05:00.000Z' },
    command_done: { ...common, action: 'accept', echo: 'accepté' },
    correction: {
      ...common,
      action: 'request_correction',
      pieces: `${words.fileName.replace(/\s+/g, ' ')}\nUne photo du compteur`,
      dueOn: '2026-05-07',
      indispensable: 'yes',
    },
    answer: { ...common, action: 'answer', outcome: 'answered', reopenUntil: '2026-05-07' },
    dropped: { ...common, action: 'drop', outcome: 'dropped', reopenUntil: '2026-05-07' },
    duplicate: {
      ...common,
      action: 'merge',
      comment: '',
      outcome: 'duplicate',
      originalReference: '2026-000003',
      reopenUntil: '2026-05-07',
    },
    reoriented: {
      ...common,
      action: 'reorient',
      outcome: 'reoriented',
      administration: `Conseil départemental, service des routes${trace(words)}`,
      reopenUntil: '2026-05-07',
    },
    recalled: { ...common, action: 'recall', actorRole: 'desk' },
    resumed: { action: 'resume', reason: `Passage de l'entreprise attendu${trace(words)}` },
    withdrawn: { ...common, action: 'withdraw', comment: words.text, actorName: words.name, actorRole: 'citizen' },
    withdrawn_citizen: {
      ...common,
      action: 'withdraw',
      comment: words.text,
      actorName: words.name,
      actorRole: 'citizen',
    },
    reopened: { ...common, action: 'reopen', comment: words.text, actorName: words.name, actorRole: 'citizen' },
    reopened_citizen: { ...common, action: 'reopen', comment: words.text, actorName: words.name, actorRole: 'citizen' },
    mention_unknown: {
      ...common,
      unknown: `@jeane\n@${words.name.replace(/\s+/g, ' ')}`,
      near: 'Jeanne Martin\nJean Martinet',
    },
    draft_saved: { ...common, action: 'draft' },
    confirm_address: { action: 'edit', actorName: 'Jeanne Martin', actorRole: 'department' },
    address_changed: { action: 'confirm_address', maskedAddress: 'j…t@example.com' },
    follow_link: {},
    my_requests: {},
    code: { code: '042137', action: 'reopen' },
    config_changed: {
      changes: rowsOf(
        ['schedule.yaml', 'reminders.notTakenUp.after', '3 jours ouvrés', '1 jour ouvré'],
        ['town-hall.yaml', 'agents[j.martin@plassans.fr]', '', words.name],
      ),
      changeCount: 2,
      fixed: 'town-hall.yaml : mailbox',
      effects: rowsOf(['Voirie', 'reminder', 18, 30, '2026-04-16', '2026-04-14']),
      effectDays: 30,
      changedAt: '2026-04-13T06:00:00.000Z',
    },
    config_refused: {
      problems: rowsOf(['schedule.yaml:17', 'reminders.notTakenUp.after', words.subject, 'expected', 'delay']),
      problemCount: 1,
      refusedAt: '2026-04-13T06:00:00.000Z',
    },
    preview: {
      from: '2026-04-13T06:00:00.000Z',
      until: '2026-05-13T06:00:00.000Z',
      openCount: 14,
      other: 'config-essai',
      effects: rowsOf(
        ['Voirie', 'reminder', 18, 30, '2026-04-16', '2026-04-14'],
        ['Direction générale', 'status_report', 4, 4, '2026-04-20', '2026-04-20'],
      ),
      overdueBefore: 2,
      overdueAfter: 5,
    },
    command_help: { ...common, near: words.subject, suggestions: 'accepté\nrefusé : …' },
  };
  return special[kind] ?? common;
}

/** So that what people write is looked for in every fact, and the ordinary sample stays ordinary. */
function trace({ name }: Words): string {
  return name === ORDINARY.name ? '' : `. ${name}`;
}

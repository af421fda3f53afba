import type { MailFacts } from '../domain/decision.ts';
import { DESK, type Person, type Town } from '../domain/people.ts';
import type { MailKind } from '../domain/workflow.ts';
import type { MailView } from '../outbound/mail-view.ts';

/** What a template reads of a mail to the administrator, which concerns no request and carries no link. */
export function adminView(town: Town, kind: MailKind, to: Person, facts: MailFacts, now: Date): MailView {
  const { name, address, phone, postalAddress } = town.desk;
  const desk = { id: DESK, name, address, phone, postalAddress };
  return {
    kind,
    language: 'fr',
    town: { name: town.name, mailbox: town.mailbox, desk, court: town.court, officer: town.dataProtectionOfficer },
    to: { name: to.name, role: to.role, officeName: '' },
    request: null,
    facts,
    holder: desk,
    previousHolder: null,
    actorOffice: '',
    author: null,
    message: null,
    yourWords: null,
    original: null,
    history: [],
    links: [],
    commandCard: [],
    requests: null,
    report: null,
    basket: null,
    month: null,
    deletion: null,
    now,
  };
}

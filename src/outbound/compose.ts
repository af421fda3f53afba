import type { SendMailOptions } from 'nodemailer';
import type { MailFacts } from '../domain/decision.ts';
import { carriesPieces } from '../domain/piece-safety.ts';
import { carriesLiveLinks } from '../domain/relay.ts';
import { departmentOf, officeOf, staffAt, type Person, type Town, type Language } from '../domain/people.ts';
import { COLLEAGUES_MAILS, type MailKind } from '../domain/workflow.ts';
import { ownerKey, replyAddress } from '../reply-address.ts';
import { loadDossier } from '../store/dossiers.ts';
import { filesOf, threadOf, type ClaimedMail } from '../store/outbound-emails.ts';
import type { Ground } from '../store/store.ts';
import { buildView } from './build-view.ts';
import { createPictures, inlineParts, type PicturesOf } from './mail-pictures.ts';
import { headerText, type RenderedMail, type Renderer } from './render.ts';

/** From a row to a message: addresses, threading, headers, both parts, the pieces. */
export interface Composer {
  compose(mail: ClaimedMail): Promise<SendMailOptions>;
}

export interface LinkSettings {
  secrets: readonly string[];
  publicUrl: string;
}

/** Larger pieces are left to their links. */
const MAX_ATTACHED_BYTES = 10_000_000;

/** Words of a person to a person carry no mark of a robot; the rest do (RFC 3834 §5), so that robots stay silent. */
const AUTOMATIC: Record<MailKind, 'auto-replied' | 'auto-generated' | null> = {
  acknowledgement: 'auto-replied',
  not_done: 'auto-replied',
  message: null,
  internal_message: null,
  new_request: 'auto-generated',
  taken_in_charge: 'auto-generated',
  transferred: 'auto-generated',
  transferred_citizen: 'auto-generated',
  sent_back: 'auto-generated',
  arbitration: 'auto-generated',
  correction: 'auto-generated',
  reply_received: 'auto-generated',
  decision: 'auto-generated',
  decision_copy: 'auto-generated',
  receipt: 'auto-generated',
  reminder: 'auto-generated',
  legal_alarm: 'auto-generated',
  citizen_reminder: 'auto-generated',
  citizen_silent: 'auto-generated',
  lapsed_citizen: 'auto-generated',
  basket: 'auto-generated',
  monthly_report: 'auto-generated',
  status_report: 'auto-generated',
  deletion_notice: 'auto-generated',
  deletion_report: 'auto-generated',
  undelivered: 'auto-generated',
  held_email: 'auto-generated',
  confirm_email: 'auto-replied',
  fresh_link: 'auto-generated',
  forward_help: 'auto-replied',
  command_done: 'auto-replied',
  command_help: 'auto-replied',
  answer: null,
  assignment: 'auto-generated',
  recalled: 'auto-generated',
  resumed: 'auto-generated',
  dropped: 'auto-generated',
  duplicate: 'auto-generated',
  reoriented: 'auto-generated',
  withdrawn: 'auto-generated',
  withdrawn_citizen: 'auto-generated',
  reopened: 'auto-generated',
  reopened_citizen: 'auto-replied',
  mention: 'auto-generated',
  mention_unknown: 'auto-replied',
  invitation: 'auto-generated',
  draft_saved: 'auto-generated',
  confirm_address: 'auto-generated',
  address_changed: 'auto-generated',
  follow_link: 'auto-generated',
  my_requests: 'auto-generated',
  code: 'auto-generated',
  config_changed: 'auto-generated',
  config_refused: 'auto-generated',
  preview: 'auto-generated',
};

export function createComposer(ground: Ground, renderer: Renderer, links: LinkSettings): Composer {
  const picturesOf = createPictures(ground);
  return { compose: (mail) => compose(ground, renderer, links, picturesOf, mail) };
}

async function compose(
  ground: Ground,
  renderer: Renderer,
  links: LinkSettings,
  picturesOf: PicturesOf,
  mail: ClaimedMail,
): Promise<SendMailOptions> {
  const { town } = ground.config;
  const kind = mail.kind as MailKind;
  const facts = mail.facts as MailFacts;
  const to = recipientOf(mail, town);
  const dossier = mail.requestId === null ? null : await loadDossier(ground.store.db, mail.requestId);
  const pictures = await picturesOf(mail, to, dossier);
  const view = await buildView(ground, links, mail, to, dossier, pictures);
  const rendered = renderer.render(view);
  const thread = await threadOf(ground, mail);
  const attachments = [
    ...inlineParts(pictures.values(), rendered.html),
    ...(await piecesFor(ground, links, to, mail, dossier?.messages[0]?.id ?? null)),
  ];
  return messageOf(town, links, {
    kind,
    language: view.language,
    facts,
    to,
    dossier,
    rendered,
    mail,
    thread,
    attachments,
  });
}

/** What a message is written from; a sample of one, too. */
export interface Letter {
  kind: MailKind;
  language: Language;
  facts: MailFacts;
  to: Person;
  dossier: { request: { reference: string } } | null;
  rendered: RenderedMail;
  mail: Pick<ClaimedMail, 'messageId' | 'sendAfter' | 'createdAt'>;
  thread: readonly string[];
  attachments: NonNullable<SendMailOptions['attachments']>;
}

export function messageOf(town: Town, links: LinkSettings, letter: Letter): SendMailOptions {
  const { kind, language, facts, to, dossier, rendered, mail, thread, attachments } = letter;
  const { subject, html, text } = rendered;
  const automatic = AUTOMATIC[kind];
  const department = departmentOf(town, facts.actorDepartment ?? null);
  const sender = department === undefined ? town.name : `${town.name} — ${department.name}`;
  return {
    envelope: { from: town.mailbox, to: [to.address] },
    from: { name: headerText(sender), address: town.mailbox },
    to: { name: headerText(to.name), address: to.address },
    ...(dossier === null
      ? {}
      : {
          replyTo: {
            name: headerText(town.name),
            address: replyAddress(
              town.mailbox,
              dossier.request.reference,
              ownerKey(to, COLLEAGUES_MAILS.includes(kind) ? 'note' : 'thread'),
              links.secrets,
            ),
          },
        }),
    subject,
    text,
    html,
    messageId: mail.messageId,
    date: mail.sendAfter ?? mail.createdAt,
    ...threading(thread),
    headers: {
      'Content-Language': language,
      // Outlook groups by it, without looking at References.
      ...(dossier === null ? {} : { 'Thread-Topic': subject }),
      ...(automatic === null ? {} : { 'Auto-Submitted': automatic, 'X-Auto-Response-Suppress': 'All' }),
    },
    attachments,
  };
}

/** The first id and the last nineteen: long enough for every client, short enough for every server. */
function threading(thread: readonly string[]): Pick<SendMailOptions, 'inReplyTo' | 'references'> {
  const last = thread.at(-1);
  if (last === undefined) return {};
  const references = thread.length <= 20 ? [...thread] : [...thread.slice(0, 1), ...thread.slice(-19)];
  return { inReplyTo: last, references };
}

async function piecesFor(
  ground: Ground,
  { publicUrl }: LinkSettings,
  to: Person,
  mail: ClaimedMail,
  firstMessage: string | null,
) {
  if (!carriesPieces(mail.kind as MailKind)) return [];
  const wantsPieces =
    to.role === 'citizen' || officeOf(ground.config.town, to.department ?? 'desk').pieces === 'attached';
  const messageId = mail.messageRef ?? firstMessage;
  if (!wantsPieces || messageId === null) return [];
  const files = await filesOf(ground, messageId, MAX_ATTACHED_BYTES);
  const { mailbox } = ground.config.town;
  const harmless = files.filter((file) => !carriesLiveLinks(file, { publicUrl, mailbox }));
  return harmless.map(({ fileName, contentType, content }) => ({ filename: fileName, contentType, content }));
}

/** A mail without a link to a request says nothing of the department: the config does. */
function recipientOf(mail: ClaimedMail, town: Town): Person {
  const role = mail.toRole as Person['role'];
  const known = staffAt(town, mail.toAddress).find((person) => person.role === role);
  const department = mail.links[0]?.department ?? known?.department ?? null;
  return { role, department, name: mail.toName, address: mail.toAddress };
}

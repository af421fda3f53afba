import { bounceCause, bounceStatus, isDeadAddress, type BounceCause } from './bounce-cause.ts';
import { messageIdOf, splitNotice, type BounceNotice } from './bounce-notice.ts';
import { addressesIn, isPostmaster } from './bounce-address.ts';
import { namedLocally, namedRecipients, type NamedRecipient } from './bounce-recipients.ts';
import { statusGroups, type StatusGroup } from './bounce-status-groups.ts';
import { isDeliveryReport } from './bounce-verdict.ts';
import { header } from './received-email.ts';
import { partsLike, type ReportMail } from './report-mail.ts';

export interface DeliveryReport {
  /** Empty when the report tells of success only, or names nobody. */
  bounces: Bounce[];
  /** Of the mail that came back, with its angle brackets, or ''. */
  originalMessageId: string;
}

export interface Bounce {
  /** Lower case. */
  recipient: string;
  /** RFC 3463, or '' when the report gives no code. */
  status: string;
  /** Permanent (class 5), save for a full mailbox; the address itself is dead when the cause says `unknown_address`. */
  hard: boolean;
  originalMessageId: string;
  /** The server still tries. */
  isDelayed: boolean;
  cause: BounceCause;
  diagnostic: string;
}

/** A mail system's report that mail did not arrive; null for every other mail, also for a person's about such a report. */
export function readDeliveryReport(mail: ReportMail): DeliveryReport | null {
  const notice = splitNotice(mail.text.slice(0, MAX_TEXT_CHARS));
  const head = notice.notice.join('\n').slice(0, MAX_HEAD_CHARS);
  const groups = partsLike(mail, /delivery-status$/).flatMap(statusGroups);
  if (!isDeliveryReport(mail, notice, head, groups)) return null;

  const originalMessageId = originalMessageIdOf(mail, notice);
  const bounces = groups.length > 0 ? fromGroups(explained(groups, notice, head)) : fromText(mail, notice, head);
  return { bounces: bounces.map((bounce) => ({ ...bounce, originalMessageId })), originalMessageId };
}

const MAX_TEXT_CHARS = 200_000;
/** A notice says within its first page that something failed. */
const MAX_HEAD_CHARS = 4_000;

/** A group without diagnostic is explained by the notice beside it. */
function explained(groups: readonly StatusGroup[], { notice }: BounceNotice, head: string): StatusGroup[] {
  if (groups.every(({ diagnostic }) => diagnostic !== '')) return [...groups];
  const named = namedRecipients(notice, new Set());
  const whole = groups.length === 1 ? head.slice(0, 1_000) : '';
  return groups.map((group) => {
    if (group.diagnostic !== '') return group;
    const said = named.find(({ recipient }) => recipient === group.recipient)?.diagnostic;
    return { ...group, diagnostic: whole || (said ?? '') };
  });
}

type FoundBounce = Omit<Bounce, 'originalMessageId'>;

function fromGroups(groups: readonly StatusGroup[]): FoundBounce[] {
  const bounces = groups
    .filter(({ action }) => action !== 'delivered')
    .map(({ recipient, action, status, diagnostic }) => judged(recipient, status, diagnostic, action === 'delayed'));
  return [...new Map(bounces.map((bounce) => [bounce.recipient, bounce])).values()];
}

function fromText(mail: ReportMail, { notice, returned }: BounceNotice, head: string): FoundBounce[] {
  const nested = [...partsLike(mail, /rfc822/), mail.text.slice(0, MAX_TEXT_CHARS)].flatMap((text) =>
    statusGroups(text),
  );
  if (nested.length > 0) return fromGroups(nested);
  const isDelayed = DELAYED.test(`${mail.subject}\n${head}`) && !GIVEN_UP.test(head);
  const bounces = textRecipients(mail, notice, returned).map(({ recipient, diagnostic }) =>
    judged(recipient, '', diagnostic, isDelayed),
  );
  if (bounces.some(({ cause }) => cause !== 'other')) return bounces;
  // Nothing is said beside the address: then the page says it, for all.
  return bounces.map((bounce) => {
    const byPage = judged(bounce.recipient, bounce.status, head, isDelayed);
    return { ...byPage, diagnostic: bounce.diagnostic || byPage.diagnostic };
  });
}

function textRecipients(mail: ReportMail, notice: readonly string[], returned: readonly string[]): NamedRecipient[] {
  const failed = addressesIn(header(mail.headers, 'x-failed-recipients'));
  const own = new Set(
    ['to', 'delivered-to', 'x-original-to', 'envelope-to'].flatMap((name) => addressesIn(header(mail.headers, name))),
  );
  const named = namedRecipients(notice, own);
  if (failed.length > 0) {
    return failed.map((recipient) => ({
      recipient,
      diagnostic: named.find((one) => one.recipient === recipient)?.diagnostic ?? '',
    }));
  }
  if (named.length > 0) return named;
  const fromSubject = addressesIn(mail.subject).filter((address) => !isPostmaster(address));
  if (fromSubject.length > 0) return fromSubject.map((recipient) => ({ recipient, diagnostic: '' }));
  const local = namedLocally(notice, mail.from[0]?.address.split('@')[1] ?? '');
  if (local.length > 0) return local;
  return returnedRecipients(partsLike(mail, /rfc822/)[0]?.split(/\r?\n/) ?? returned);
}

/** Last resort: a returned mail with one recipient can only have failed for that one. */
function returnedRecipients(lines: readonly string[]): NamedRecipient[] {
  const end = lines.findIndex((line, index) => index > 3 && line.trim() === '');
  const fields = end === -1 ? lines.slice(0, 200) : lines.slice(0, end);
  const envelope = fields.map((line) => /\bfor <([^<>\s]+@[^<>\s]+)>/.exec(line)?.[1] ?? '').find(Boolean);
  const to = fields.filter((line) => /^[\s>]*to:/i.test(line)).flatMap(addressesIn);
  const recipient = envelope?.toLowerCase() ?? (to.length === 1 ? to[0] : undefined);
  return recipient === undefined ? [] : [{ recipient, diagnostic: '' }];
}

function judged(recipient: string, given: string, diagnostic: string, isDelayed: boolean): FoundBounce {
  const status = bounceStatus(given, diagnostic);
  const cause = bounceCause(status, diagnostic);
  const hard = !isDelayed && isDeadAddress(status, cause);
  return {
    recipient,
    status,
    hard,
    isDelayed,
    cause,
    diagnostic: diagnostic.replace(/\s+/g, ' ').trim().slice(0, 500),
  };
}

const DELAYED =
  /warning (?:message )?only|advisory-only|(?:been|is|was) (?:temporarily )?(?:delayed|postponed|deferred)|^(?:\W*warning:? )?.{0,40}\bdelay(?:ed)?\b|not yet been delivered|still (?:being )?(?:retr|try|attempt|queued)|(?:will|shall) (?:continue|keep) (?:to try|trying|to attempt|attempting|retrying)|will (?:be retried|retry)|delivery attempts will continue|continue to be made|could not be delivered for |temporary (?:failure|problem|error)|pas encore|a été (?:retard|différ)|remise (?:retard|différ)|retard|sera retent|nouvelles? tentatives?|noch nicht|verzögert|aún no/im;
const GIVEN_UP =
  /giv(?:en|ing) up|permanent (?:error|failure)|failed permanently|no further attempts|will not be retried|not going to try|permanent fatal|erreur (?:permanente|définitive)|échec définitif/i;

function originalMessageIdOf(mail: ReportMail, { notice, returned }: BounceNotice): string {
  const [headersOnly] = [
    ...partsLike(mail, /rfc822-headers|global-headers/),
    ...partsLike(mail, /message\/(?:rfc822|global)$/),
  ];
  const sources = [
    innermost(headersOnly ?? '').split(/\r?\n/),
    returned,
    partsLike(mail, /delivery-status/)
      .join('\n')
      .split(/\r?\n/),
    notice,
  ];
  const found = sources.map(messageIdOf).find(Boolean);
  return found ?? /<[^<>\s]{1,500}>/.exec(header(mail.headers, 'in-reply-to'))?.[0] ?? '';
}

/** A gateway may wrap the report itself: then what came back is the mail inside it. */
function innermost(raw: string): string {
  const [head = ''] = raw.split(/\r?\n\r?\n/, 1);
  if (!/^content-type:\s*multipart\/report/im.test(head)) return raw;
  const inner = /^content-type:\s*(?:message\/rfc822|text\/rfc822-headers)/im.exec(raw.slice(head.length));
  return inner === null ? raw : raw.slice(head.length + inner.index);
}

import type { BounceNotice } from './bounce-notice.ts';
import { isFailureSubject, isMailSystem, isNamedSystem, isPersonal, isReport, tellsFailure } from './bounce-signs.ts';
import type { StatusGroup } from './bounce-status-groups.ts';
import { header } from './received-email.ts';
import { partsLike, type ReportMail } from './report-mail.ts';

/** Whether a mail system wrote it, about mail that did not arrive: the head is the first page of its notice. */
export function isDeliveryReport(
  mail: ReportMail,
  { returned }: BounceNotice,
  head: string,
  groups: readonly StatusGroup[],
): boolean {
  const { headers, from, subject } = mail;
  const hasReturned = returned.length > 0 || partsLike(mail, /rfc822/).length > 0;
  if (groups.length > 0 && (isReport(headers) || isMailSystem(headers, from))) return true;
  if (partsLike(mail, /disposition-notification$/).length > 0) return false;
  if (isReport(headers) || isNamedSystem(from)) {
    return (
      headers.has('x-failed-recipients') || ((isFailureSubject(subject) || tellsFailure(head)) && !isVacation(mail))
    );
  }
  if (isMailSystem(headers, from)) {
    // Absences have an empty return path too, and tell of addresses that are no longer read.
    return isFailureSubject(subject) || (hasReturned && tellsFailure(head) && !isPersonal(head) && !isVacation(mail));
  }
  // No mail system's name: then everything else must speak for a machine, since people forward such mails by hand.
  return (
    isFailureSubject(subject) &&
    tellsFailure(head.slice(0, 600)) &&
    !isPersonal(head) &&
    !headers.has('in-reply-to') &&
    !from.some(({ address }) => MAILBOX_PROVIDER.test(address)) &&
    (hasReturned || BEGINS_AS_ROBOT.test(head))
  );
}

/** People have their addresses here; the systems of these write as mailer-daemon or postmaster. */
const MAILBOX_PROVIDER =
  /@(?:gmail|googlemail|hotmail|outlook|live|msn|yahoo|ymail|aol|icloud|me|orange|wanadoo|free|sfr|neuf|laposte|bbox|numericable|club-internet|gmx|proton|protonmail|mail)\.[a-z.]{2,6}$/i;

/** Some systems write under an ordinary address: their very first words give them away. */
const BEGINS_AS_ROBOT =
  /^[\W_]*(?:non-?delivery report|failed recipients|this is an (?:automat|advisory)|this (?:is the|message was created|report)|message from|your (?:message|mail|e-?mail)\b|votre (?:message|courriel)\b|votre mail\b|the following|undeliver|delivery|unable to|could not deliver|the (?:original|attached) )/i;

/** An absence told by a system with an empty return path is no bounce (RFC 5230 §5.1). */
function isVacation({ headers, subject }: ReportMail): boolean {
  if (isFailureSubject(subject)) return false;
  return (
    /^\s*auto-replied/i.test(header(headers, 'auto-submitted')) &&
    !isReport(headers) &&
    /absen|vacation|out of office|automati/i.test(subject)
  );
}

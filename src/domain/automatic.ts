import { header, type HeaderView, type ReceivedEmail } from './received-email.ts';

/** Robots' mail: recorded, never answered (RFC 3834 §2). Each check names itself, for whoever asks why. */

/** Why a mail was written by a machine; null for a person's. */
export function machineReason({
  headers,
  from,
  subject,
}: Pick<ReceivedEmail, 'headers' | 'from' | 'subject'>): string | null {
  const autoSubmitted = headerWord(headers, 'auto-submitted');
  if (autoSubmitted !== '' && autoSubmitted !== 'no') return `Auto-Submitted: ${autoSubmitted}`;
  if (header(headers, 'return-path').replace(/\s/g, '') === '<>') return 'Return-Path: <>';
  if (/^multipart\/report\b/i.test(header(headers, 'content-type'))) return 'Content-Type: multipart/report';
  const precedence = headerWord(headers, 'precedence');
  if (['bulk', 'junk', 'auto_reply'].includes(precedence) && !isList(headers)) return `Precedence: ${precedence}`;
  for (const name of ['x-autoreply', 'x-autorespond', 'x-autoresponse', 'x-fc-machinegenerated']) {
    if (headers.has(name)) return name;
  }
  if (header(headers, 'x-post-messageclass').startsWith('9')) return 'X-POST-MessageClass: 9';
  const sender = from[0]?.address.split('@')[0] ?? '';
  if (/^(mailer-daemon|postmaster)$/.test(sender)) return `From: ${sender}`;
  if (ROBOT_SUBJECT.test(subject)) return 'Subject';
  return null;
}

/** Why no acknowledgement is owed to a mail that otherwise makes a request; null when one is. */
export function silenceReason(email: Pick<ReceivedEmail, 'headers' | 'from' | 'subject'>): string | null {
  const machine = machineReason(email);
  if (machine !== null) return machine;
  if (isList(email.headers)) return 'List-*';
  const suppress = header(email.headers, 'x-auto-response-suppress').toLowerCase();
  if (/\b(all|autoreply|oof|dr|nrn|rn)\b/.test(suppress)) return 'X-Auto-Response-Suppress';
  if (NOBODY.test(email.from[0]?.address ?? '')) return 'From: no-reply';
  return FAILURE_SUBJECT.test(email.subject) ? 'Subject of a delivery report' : null;
}

const NOBODY = /^(?:[^@]*[._-])?(?:no-?reply|do-?not-?reply|ne-?pas-?repondre)(?:[+._-][^@]*)?@/;

/** Bounces without any standard sign: the desk sees them, since a person may have forwarded one by hand. */
const FAILURE_SUBJECT =
  /^\s*(?:undeliver(?:ed|able)|returned mail|mail (?:could not be delivered|delivery|error)|delivery (?:failure|status|warning)|failure notice|non-?(?:delivery|remis)|échec de (?:la )?remise|message non remis)/i;

const ROBOT_SUBJECT =
  /^\s*(?:\[?\s*)?(?:réponse automatique|réponse d['’]absence|absence du bureau|message d['’]absence|automatic reply|auto(?:matic)?[- ]?reply|out of (?:the )?office|autosvar|automatische antwort|abwesenheitsnotiz|respuesta automática|risposta automatica|resposta automática)/i;

function isList(headers: HeaderView): boolean {
  return (
    ['list-id', 'list-unsubscribe', 'list-post', 'list-help'].some((name) => headers.has(name)) ||
    headerWord(headers, 'precedence') === 'list'
  );
}

/** The first word of a header, without comments and parameters (RFC 3834 §5: `no (really)` is no). */
function headerWord(headers: HeaderView, name: string): string {
  return (/^[\w-]+/.exec(
    header(headers, name)
      .replace(/\([^)]*\)/g, ' ')
      .trim(),
  ) ?? [''])[0].toLowerCase();
}

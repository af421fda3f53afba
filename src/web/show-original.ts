import { isUuid } from '../action-link.ts';
import type { OriginalMail } from '../domain/original-mail.ts';
import { REMOVED } from '../domain/relay.ts';
import type { DossierMessage } from '../store/dossiers.ts';
import { loadRaw } from '../store/held-emails.ts';
import { identityView } from './dossier-view.ts';
import { originalPath } from './original-path.ts';
import { openForReading, type OpenedForReading } from './show-dossier.ts';
import { linkPath, messagePage, page, relayed, type Answer, type Site } from './site.ts';

/** « Voir le message d'origine »: a mail of the thread as its sender laid it out, made harmless. Reads only. */

export async function showOriginal(site: Site, token: string, messageId: string): Promise<Answer> {
  const opened = await openOriginal(site, token, messageId);
  if (!opened.ok) return opened.answer;
  const { claims, dossier, bearer, message, mail } = opened;
  return page(200, 'original', {
    ...identityView(site, bearer.person, dossier),
    viewPath: linkPath('action', claims, 'view', site),
    receivedAt: message.at,
    mail: { ...mail, html: null },
    bodyPath: mail.html === null ? null : `${originalPath(claims, message.id, site)}/body`,
  });
}

/** The mail's own HTML, for the frame of that page: a document apart, so that nothing of it can reach the page. */
export async function showOriginalBody(site: Site, token: string, messageId: string): Promise<Answer> {
  const opened = await openOriginal(site, token, messageId);
  if (!opened.ok) return opened.answer;
  const { html, subject } = opened.mail;
  return html === null ? messagePage(404, 'no_original') : page(200, 'original-body', { html, subject });
}

/** What the two pages need beyond what every answer carries. */
export function originalHeaders(answer: Answer, pageCsp: string): Record<string, string> {
  if (answer.kind !== 'page') return {};
  if (answer.page === 'original') return { 'Content-Security-Policy': `${pageCsp}; frame-src 'self'` };
  if (answer.page !== 'original-body') return {};
  return {
    'Content-Security-Policy': BODY_CSP,
    'X-Frame-Options': 'SAMEORIGIN',
    // A sandboxed document that asks for an opener policy is not shown at all (HTML, « process a navigate fetch »).
    'Cross-Origin-Opener-Policy': 'unsafe-none',
  };
}

/** Whatever the sanitizer let through could run nothing and fetch nothing. A link opens in a tab of its own. */
const BODY_CSP =
  "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; " +
  "form-action 'none'; base-uri 'none'; frame-ancestors 'self'";

type OpenedOriginal =
  | (Extract<OpenedForReading, { ok: true }> & { message: DossierMessage; mail: OriginalMail })
  | Extract<OpenedForReading, { ok: false }>;

/** The message is looked for among those of the token's own request: another's id finds nothing (RELIABILITY S13). */
async function openOriginal(site: Site, token: string, messageId: string): Promise<OpenedOriginal> {
  const opened = await openForReading(site, token);
  if (!opened.ok) return opened;
  const { dossier } = opened;
  const message = isUuid(messageId) ? dossier.messages.find(({ id }) => id === messageId) : undefined;
  const raw = message?.inboundEmailId ? await loadRaw(site.ground.store.db, message.inboundEmailId) : null;
  if (message === undefined || raw === null || raw.length === 0 || site.readOriginal === undefined) {
    return { ok: false, answer: messagePage(404, 'no_original') };
  }
  const mail = await site.readOriginal(raw);
  if (mail === null) return { ok: false, answer: messagePage(404, 'unreadable_original') };
  return { ...opened, message, mail: harmless(mail, site) };
}

/** An answer quotes the mail it answers, with the links of its reader: whoever may only read this would act with them. */
function harmless(mail: OriginalMail, site: Site): OriginalMail {
  const clean = (words: string) => relayed(words, site);
  const { from, to, cc, subject, html, text } = mail;
  return {
    ...mail,
    from: clean(from),
    to: clean(to),
    cc: clean(cc),
    subject: clean(subject),
    text: clean(text),
    // A link to nowhere would be another page of ours.
    html: html && clean(html).replaceAll(EMPTIED, ''),
  };
}

const EMPTIED = new RegExp(` (?:href|title)="${REMOVED.replaceAll(/[[\]]/g, '\\$&')}"`, 'g');

import { subjectOf } from '../action-link.ts';
import type { Person } from '../domain/people.ts';
import type { MailKind } from '../domain/workflow.ts';
import type { ClaimedMail } from '../store/outbound-emails.ts';
import type { LinkSettings } from './compose.ts';
import { linkUrl } from './link-url.ts';

/** The mails that tell of a held one; each leads to its page. */
export const TELLS_OF_HELD: readonly MailKind[] = ['held_email', 'confirm_email'];

/** Everything in the token comes from the mail's row: sent again, it carries the same link. */
export function heldLinks(
  mail: ClaimedMail,
  to: Person,
  linkDays: number,
  links: LinkSettings,
): { action: string; url: string }[] {
  const { inboundId } = mail.facts as { inboundId?: string };
  if (inboundId === undefined) return [];
  const iat = Math.floor(mail.createdAt.getTime() / 1_000);
  const claims = { jti: mail.id, rid: inboundId, sub: subjectOf(to), act: 'view', iat, exp: iat + linkDays * 86_400 };
  return [{ action: 'view_held', url: linkUrl('held', claims, links) }];
}

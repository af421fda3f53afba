import type { RobotKind } from './automatic.ts';

/** What a mail is, as far as it says so itself: without a database, a reply is told by its headers. */
export const EMAIL_KINDS = ['new', 'reply', 'bounce', 'automatic', 'bulk', 'forward', 'unreadable'] as const;
export type EmailKind = (typeof EMAIL_KINDS)[number];

export interface KindSigns {
  /** No field and no word: whatever it is, it is no mail. */
  isEmpty: boolean;
  isReport: boolean;
  robot: RobotKind | null;
  hasForward: boolean;
  answersSomething: boolean;
  isToSignedAddress: boolean;
}

export function emailKind(signs: KindSigns): { kind: EmailKind; reason: string } {
  if (signs.isEmpty) return { kind: 'unreadable', reason: 'no field of a mail in it' };
  const { isReport, robot, hasForward, answersSomething, isToSignedAddress } = signs;
  if (isReport) return { kind: 'bounce', reason: 'a delivery report' };
  if (robot === 'list' || robot === 'bulk') return { kind: 'bulk', reason: `written by a machine (${robot})` };
  if (robot !== null) return { kind: 'automatic', reason: `written by a machine (${robot})` };
  if (hasForward) return { kind: 'forward', reason: 'forwards another mail' };
  if (isToSignedAddress) return { kind: 'reply', reason: 'sent to a signed address' };
  if (answersSomething) return { kind: 'reply', reason: 'In-Reply-To or References' };
  return { kind: 'new', reason: 'answers nothing' };
}

import type { MailView } from './mail-view.ts';

type Links = MailView['links'];

/** What a mail offers of all that an agent may do, in this order; the page behind `view` offers the rest. */
const MAIN: readonly string[] = [
  'view',
  'undo',
  'take_charge',
  'transfer',
  'accept',
  'refuse',
  'answer',
  'request_correction',
  'message',
  'send_back',
  'note',
];

/** Nothing else ever reaches a citizen as a link, whatever the view holds. */
const CITIZENS: readonly string[] = ['follow', 'citizen_reply', 'reopen', 'withdraw', 'confirm_address', 'mine'];

/** The first link stays first: what it leads to is what the mail is about. */
export function shownLinks({ to, links }: Pick<MailView, 'to' | 'links'>): { links: Links; hasMoreLinks: boolean } {
  if (to.role === 'citizen') return { links: among(CITIZENS, links), hasMoreLinks: false };
  const [first, ...others] = links;
  if (first === undefined) return { links: [], hasMoreLinks: false };
  const main = among(MAIN, others);
  return { links: [first, ...main], hasMoreLinks: main.length < others.length };
}

function among(shown: readonly string[], links: Links): Links {
  return shown.flatMap((action) => links.filter((link) => link.action === action));
}

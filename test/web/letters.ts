import { createComposer } from '../../src/outbound/compose.ts';
import { createRenderer, type Renderer } from '../../src/outbound/render.ts';
import type { TestTown } from './town.ts';

/** The mails of a request as whoever gets them reads them: its real rows, through the composer that sends them. */
export interface Letter {
  kind: string;
  toRole: string;
  toAddress: string;
  subject: string;
  text: string;
  html: string;
  files: string[];
}

let rendering: Promise<Renderer> | null = null;

/** `read`: the mails that were read before, and then these too. A mail that waits to leave is not read yet. */
export async function lettersOf(
  town: TestTown,
  requestId: string | null,
  kinds: string[] = [],
  read?: Set<string>,
): Promise<Letter[]> {
  const { ground, secrets, url } = town;
  rendering ??= createRenderer(ground.config.town);
  const composer = createComposer(ground, await rendering, { secrets, publicUrl: url });
  const rows = await ground.store.db.outboundEmail.findMany({
    where: { ...(requestId === null ? {} : { requestId }), ...(kinds.length === 0 ? {} : { kind: { in: kinds } }) },
    include: { links: true },
    orderBy: { id: 'asc' },
  });
  const letters: Letter[] = [];
  for (const row of rows) {
    if (read !== undefined) {
      if (read.has(row.id) || (row.sendAfter !== null && row.sendAfter > ground.clock.now())) continue;
      read.add(row.id);
    }
    const mail = await composer.compose(row);
    const { kind, toRole, toAddress } = row;
    const files = (mail.attachments ?? []).map(({ filename }) => String(filename));
    const [subject, text, html] = [mail.subject, mail.text, mail.html].map((part) => part as string);
    letters.push({ kind, toRole, toAddress, subject: subject ?? '', text: text ?? '', html: html ?? '', files });
  }
  return letters;
}

export async function onlyLetter(town: TestTown, requestId: string, kind: string): Promise<Letter> {
  const letters = await lettersOf(town, requestId, [kind]);
  const [letter] = letters;
  if (letter === undefined || letters.length > 1) throw new Error(`${letters.length} mails of the kind ${kind}`);
  return letter;
}

import { createComposer } from '../../../src/outbound/compose.ts';
import { createRenderer, type Renderer } from '../../../src/outbound/render.ts';
import { Violation } from './history.ts';
import { SECRET_WORDS } from './inputs.ts';
import { SECRETS, type World } from './lane.ts';

/** What citizens would read, every word of it. */

let renderer: Promise<Renderer> | null = null;

/** @throws Violation when a mail to a citizen says what was said between colleagues */
export async function readAll({ lane, start }: World): Promise<void> {
  const { ground } = lane;
  renderer ??= createRenderer(ground.config.town);
  const links = { secrets: SECRETS, publicUrl: 'https://guichet.example' };
  const composer = createComposer(ground, await renderer, links);
  const mails = await ground.store.db.outboundEmail.findMany({
    where: { toRole: 'citizen', request: { reference: { gt: start } } },
    include: { links: true },
  });
  for (const mail of mails) {
    const { subject, text, html } = await composer.compose(mail);
    const words = JSON.stringify({ subject, text, html });
    if (words.includes(SECRET_WORDS)) {
      throw new Violation(`${mail.kind} to a citizen says what colleagues said: ${words}`);
    }
  }
}

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verifyLink, type LinkClaims } from '../../src/action-link.ts';
import type { Person } from '../../src/domain/people.ts';
import type { MailKind } from '../../src/domain/workflow.ts';
import { createComposer, type Composer } from '../../src/outbound/compose.ts';
import { createRenderer } from '../../src/outbound/render.ts';
import { newId } from '../../src/store/ids.ts';
import { writeMail } from '../../src/store/write-decisions.ts';
import { aGround, claim, DESK_PERSON, MONDAY, VOIRIE, type TestGround } from '../store/ground.ts';
import { freshDatabase } from '../support/postgres.ts';

const LINKS = { secrets: ['Plassans-0123456789-abcdefghij-ABCDEFGHIJ'], publicUrl: 'https://guichet.plassans.fr' };
const INBOUND = newId();

let ground: TestGround;
let composer: Composer;

beforeAll(async () => {
  ground = await aGround((await freshDatabase()).url);
  composer = createComposer(ground, await createRenderer(ground.config.town), LINKS);
});
afterAll(async () => ground.close());

async function composed(kind: MailKind, to: Person, extra: Record<string, string> = {}) {
  const facts = {
    reason: 'ambiguous',
    from: 'Zoé Dupont <zoe@example.org>',
    subject: 'Suite',
    receivedAt: MONDAY,
    inboundId: INBOUND,
    excerpt: 'Bonjour,\n\nVoici la suite : https://exemple.fr',
    ...extra,
  };
  const mail = { kind, to, facts, showsMessage: false, requestId: null, linksTo: [] };
  await ground.store.db.$transaction((tx) => writeMail(ground, tx, mail, `test:${newId()}`));
  const last = await ground.store.db.outboundEmail.findFirstOrThrow({ orderBy: { id: 'desc' } });
  const claimed = await claim(ground, last.id);
  if (claimed === null) throw new Error('the mail is gone');
  const message = await composer.compose(claimed);
  return { mailId: last.id, message, text: message.text as string, html: message.html as string };
}

function claimsIn(text: string): LinkClaims | null {
  const token = /https:\/\/guichet\.plassans\.fr\/h\/(\S+)/.exec(text)?.[1] ?? '';
  return verifyLink('held', token, LINKS.secrets, ground.clock.now()).claims;
}

describe('a held mail', () => {
  test('is told to the desk with its first lines, what is proposed, and the link to its page', async () => {
    const { mailId, message, text, html } = await composed('held_email', DESK_PERSON, {
      suggestedReference: '2026-000021',
    });
    expect(claimsIn(text)).toMatchObject({ jti: mailId, rid: INBOUND, sub: 'desk', act: 'view' });
    expect(message.subject).toBe('Message à examiner : Suite');
    for (const part of [text, html]) {
      const words = part.replaceAll('\u00a0', ' ').replace(/<\/?span[^>]*>/g, '');
      expect(words).toContain('Voir le message et décider');
      expect(words).toContain('le rattacher à la demande n° 2026-000021');
      expect(words).toContain('le message peut concerner plusieurs demandes');
      expect(words).toContain('Voici la suite');
      expect(words).not.toContain('://exemple.fr');
    }
    expect(text).toContain('> Bonjour,\n>\n> Voici');
  });

  test.each(['', undefined])('proposes nothing when nothing is suggested (%j)', async (suggestedReference) => {
    const extra: Record<string, string> = suggestedReference === undefined ? {} : { suggestedReference };
    const { text } = await composed('held_email', DESK_PERSON, { ...extra, excerpt: '' });
    expect(text).not.toMatch(/Proposition|LE DÉBUT/);
  });

  test('is sent to the agent whose address it bears, for their office', async () => {
    const { message, text } = await composed('confirm_email', VOIRIE);
    expect(claimsIn(text)).toMatchObject({ sub: 'department:voirie', rid: INBOUND });
    expect(message.subject).toBe('Un message reçu de votre adresse attend votre confirmation');
    expect(message.to).toEqual({ name: 'Voirie', address: 'voirie@plassans.fr' });
    expect(text).toContain('réservés à Voirie');
    expect(message.headers).toMatchObject({ 'Auto-Submitted': 'auto-replied' });
  });
});

import type { ParsedMail } from 'mailparser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SunkMail } from '../support/smtp-sink.ts';
import { aMail, aReply, DESK, NORA } from './mails.ts';
import { startTown, type TestTown } from './town.ts';

const NORAS = 'nora@example.org';
const DESKS = 'accueil@plassans.fr';

/** What a mail program knows of a mail when it draws its threads. */
interface Known {
  id: string;
  parents: string[];
}

describe('twelve messages between Nora and the desk', () => {
  let town: TestTown;
  const sentByNora: Known[] = [];
  const sentByDesk: Known[] = [];

  beforeAll(async () => {
    town = await startTown();
    await town.write(
      await aMail({ from: NORA, messageId: '<le-trou@example.org>', text: 'Il y a un trou devant le 12.' }),
    );
    sentByNora.push({ id: '<le-trou@example.org>', parents: [] });
    for (let round = 1; round <= 6; round++) {
      const asked = await nth(DESKS, round);
      await write(await aReply(asked, DESK, `Question n° ${round} ?`), asked, sentByDesk);
      const question = await nth(NORAS, round + 1);
      await write(await aReply(question, NORA, `Réponse n° ${round}.`), question, sentByNora);
    }
    await town.quiet();
  }, 180_000);

  afterAll(() => town.stop());

  test.each([
    ['Nora', NORAS, sentByNora],
    ['the desk', DESKS, sentByDesk],
  ])('are one thread in the mailbox of %s, as JWZ draws it', (_who, address, sent) => {
    const received = town.smtp.mailsTo(address).map(({ mail }) => knownOf(mail));
    expect(received).toHaveLength(7);
    expect(threadsOf([...received, ...sent])).toBe(1);
  });

  test.each([NORAS, DESKS])(
    'keep one subject and one topic for %s, so that Gmail and Outlook group them too',
    (address) => {
      const mails = town.smtp.mailsTo(address).map(({ mail }) => mail);
      const subjects = new Set(mails.map(({ subject }) => subject));
      expect([...subjects]).toEqual([expect.stringMatching(/^\[n°\s\d{4}-000001\] Nid-de-poule rue des Lilas$/)]);
      expect(new Set(mails.map((mail) => decoded(mail.headers.get('thread-topic') as string)))).toEqual(subjects);
    },
  );

  test('name the first id and the last ones, twenty at most', () => {
    const last = knownOf((town.smtp.mailsTo(NORAS).at(-1) as SunkMail).mail);
    expect(last.parents).toHaveLength(12);
    expect(last.parents[0]).toBe('<le-trou@example.org>');
  });

  async function nth(address: string, count: number): Promise<SunkMail> {
    await town.quiet();
    const mail = town.smtp.mailsTo(address)[count - 1];
    if (mail === undefined) throw new Error(`${address} has no mail number ${count}`);
    return mail;
  }

  async function write(raw: Buffer, answered: SunkMail, sent: Known[]): Promise<void> {
    const id = /^message-id:\s*(<[^>]+>)/im.exec(raw.toString())?.[1] ?? '';
    sent.push({ id, parents: [...knownOf(answered.mail).parents, answered.mail.messageId ?? ''] });
    await town.write(raw);
  }
});

/** The parser leaves the headers that it does not know as they are (RFC 2047 §4.2). */
function decoded(header: string): string {
  const words = header.replace(/\?=\s+=\?/g, '?==?');
  return words.replace(/=\?UTF-8\?Q\?(.*?)\?=/g, (_, word: string) =>
    decodeURIComponent(word.replaceAll('_', ' ').replace(/=([0-9A-F]{2})/g, '%$1')),
  );
}

function knownOf(mail: ParsedMail): Known {
  return { id: mail.messageId ?? '', parents: [mail.references ?? []].flat() };
}

/** How many trees the references of these mails make (https://www.jwz.org/doc/threading.html, without subjects). */
function threadsOf(mails: readonly Known[]): number {
  const parent = new Map<string, string>();
  const rootOf = (id: string): string => {
    const above = parent.get(id);
    return above === undefined ? id : rootOf(above);
  };
  for (const { id, parents } of mails) {
    [...parents, id].forEach((each, i, chain) => {
      const above = chain[i - 1];
      // Never a loop: two mails of one second may name each other in either order.
      if (above !== undefined && !parent.has(each) && rootOf(above) !== each) parent.set(each, above);
    });
  }
  return new Set(mails.map(({ id }) => rootOf(id))).size;
}

import { setTimeout as sleep } from 'node:timers/promises';
import { label } from '../../template.ts';
import type { Letter, Mailbox } from '../mailboxes.ts';
import type { Photo } from '../photos.ts';
import type { DemoTown } from '../town.ts';
import { replySubject, replyToOf } from '../write-letter.ts';
import { openPage, type Page } from './page.ts';
import { lettersWords, plain, says } from './reading.ts';
import { Unexpected } from './unexpected.ts';
import { sentence, type Transcript } from './voices.ts';

/** Somebody of the story: has a mailbox, clicks on links, and nothing else. */
export interface Actor {
  mailbox: Mailbox;
  /** A new mail to the town hall; its words are in templates/demo/letters. */
  writes(letter: string, files?: readonly Photo[]): Promise<Letter>;
  replies(to: Letter, letter: string, files?: readonly Photo[]): Promise<Letter>;
  /** The next mail that says all of this; waits for it. */
  receives(what: string, ...words: string[]): Promise<Letter>;
  /** Everything that came meanwhile and says all of this, oldest first. */
  hasReceived(...words: string[]): Letter[];
  /** Clicks on the link of this action in a mail. */
  opens(mail: Letter, action: string): Promise<Page>;
}

const MAIL_TIMEOUT_MS = 10_000;
const LOOK_EVERY_MS = 10;

export function createActor(town: DemoTown, mailbox: Mailbox, transcript: Transcript): Actor {
  const send = async (letterName: string, files: readonly Photo[], answering: Letter | null) => {
    const { subject, text } = lettersWords(letterName);
    const letter = await town.send(mailbox, {
      to: answering === null ? town.config.town.mailbox : replyToOf(answering),
      subject: answering === null ? subject : replySubject(answering),
      text,
      files,
      answering,
    });
    transcript.letter(mailbox, letter);
    return letter;
  };
  const unreadSaying = (words: readonly string[]) =>
    mailbox.letters.filter((letter) => !letter.isRead && words.every((word) => says(letter, word)));
  return {
    mailbox,
    writes: (letter, files = []) => send(letter, files, null),
    replies: (to, letter, files = []) => send(letter, files, to),
    async receives(what, ...words) {
      const deadline = performance.now() + MAIL_TIMEOUT_MS;
      for (;;) {
        const [letter] = unreadSaying(words);
        if (letter !== undefined) {
          letter.isRead = true;
          transcript.letter(mailbox, letter);
          return letter;
        }
        if (performance.now() > deadline) throw missingLetter(mailbox, what, words);
        await sleep(LOOK_EVERY_MS);
      }
    },
    hasReceived(...words) {
      const letters = unreadSaying(words);
      for (const [index, letter] of letters.entries()) {
        letter.isRead = true;
        if (index === 0) transcript.letter(mailbox, letter);
        else transcript.brief(mailbox, letter);
      }
      return letters;
    },
    async opens(mail, action) {
      const name = label('actions', action);
      const url = linkNamed(mail, name);
      if (url === null) throw new Unexpected(sentence('expectedLink', { name }), mail.mail.text ?? '');
      transcript.deed('opens', { name: mailbox.name, link: name });
      return openPage(url, mailbox, transcript);
    },
  };
}

function linkNamed({ mail }: Letter, name: string): string | null {
  const lines = (mail.text ?? '').split(/\r?\n/).map((line) => line.trim());
  const place = lines.findIndex((line) => plain(line) === plain(`${name} :`));
  return place < 0 ? null : (lines.slice(place + 1).find((line) => /^https?:/.test(line)) ?? null);
}

function missingLetter({ name, letters }: Mailbox, what: string, words: readonly string[]): Unexpected {
  const expected = sentence('expectedMail', { name, what: label('mailKinds', what), words: words.join(' + ') });
  const seen = letters.filter(({ isRead }) => !isRead).map(({ mail }) => `${mail.subject}\n${mail.text}`);
  return new Unexpected(expected, seen.join('\n————\n') || sentence('nothing'));
}

import { createTransport, type SendMailOptions } from 'nodemailer';
import type { SunkMail } from '../support/smtp-sink.ts';

/** Mails as mail programs write them. */

const composer = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });

let written = 0;

/** A person's mail to the town hall; every mail has an id of its own. */
export async function aMail(fields: SendMailOptions): Promise<Buffer> {
  written += 1;
  const { message } = (await composer.sendMail({
    from: NORA,
    to: 'mairie@plassans.fr',
    subject: 'Nid-de-poule rue des Lilas',
    text: 'Bonjour,\n\nIl y a un trou énorme devant le 12.\n\nNora Lemaire',
    messageId: `<mail-${written}-${process.pid}@example.org>`,
    ...fields,
  })) as { message: Buffer };
  return message;
}

export const NORA = 'Nora Lemaire <nora@example.org>';
export const DESK = 'Accueil <accueil@plassans.fr>';
export const VOIRIE = 'Voirie <voirie@plassans.fr>';
export const JEANNE = 'Jeanne Martin <j.martin@plassans.fr>';

/** What « Répondre » does: to the Reply-To, in the thread, with the whole mail quoted below. */
export async function aReply(to: SunkMail, from: string, text: string, fields: SendMailOptions = {}): Promise<Buffer> {
  const { mail } = to;
  const references = [mail.references ?? []].flat();
  const quoted = (mail.text ?? '').split('\n').map((line) => `> ${line}`);
  return aMail({
    from,
    to: mail.replyTo?.value[0]?.address ?? mail.from?.value[0]?.address ?? '',
    subject: `Re: ${mail.subject ?? ''}`,
    inReplyTo: mail.messageId ?? '',
    references: [...references, mail.messageId ?? ''],
    text: `${text}\n\nLe lun. 13 avr. 2026 à 10:12, Mairie de Plassans <mairie@plassans.fr> a écrit :\n${quoted.join('\n')}\n`,
    ...fields,
  });
}

/** A PNG of one colour per name: small, and never twice the same bytes. */
export function aPhoto(name: string) {
  return { filename: name, contentType: 'image/png', content: Buffer.concat([PIXEL, Buffer.from(name)]) };
}

const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==',
  'base64',
);

/** The signed address that a mail asks to be answered at. */
export function replyToOf({ mail }: SunkMail): string {
  return mail.replyTo?.value[0]?.address ?? '';
}

/** Every secured link of a mail, by the words that stand above it in the text part. */
export function linksIn({ mail }: SunkMail): Map<string, string> {
  const lines = (mail.text ?? '').split('\n').map((line) => line.trim());
  return new Map(
    lines.flatMap((line, i) =>
      /^https?:\/\/\S+\/[afdm]\/\S+$/.test(line) ? [[plain((lines[i - 1] ?? '').replace(/\s*:$/, '')), line]] : [],
    ),
  );
}

export function linkIn(mail: SunkMail, words: string): string {
  const links = linksIn(mail);
  const found = [...links].find(([above]) => above.includes(words))?.[1];
  if (found === undefined) throw new Error(`no link « ${words} », only: ${[...links.keys()].join(', ')}`);
  return found;
}

/** With ordinary spaces, wherever typography wants others, and without the breaks of lines. */
export function plain(text: string | undefined): string {
  return (text ?? '').replace(/\s+/g, ' ').trim();
}

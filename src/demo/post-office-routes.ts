import { readFileSync } from 'node:fs';
import { TEMPLATES_DIR } from '../template-files.ts';
import { galleryAnswer } from './gallery-pages.ts';
import { jump } from './jump.ts';
import type { Letter, Mailbox } from './mailboxes.ts';
import { letterFrame, officePage } from './post-office-pages.ts';
import { houseNumberPhoto, potholePhoto, type Photo } from './photos.ts';
import type { DemoTown } from './town.ts';
import { replySubject, replyToOf } from './write-letter.ts';

/** Which address of the post office leads where. */

export interface Asked {
  path: string;
  search: URLSearchParams;
  /** Null for a GET. */
  form: FormData | null;
}

export interface Answer {
  status: number;
  type: string;
  body: string | Buffer;
  headers: Record<string, string>;
}

/** The answer of Guichet to a mail, most of the time; a page must not wait longer. */
const SETTLE_MS = 3_000;

export async function answerTo(town: DemoTown, { path, search, form }: Asked): Promise<Answer> {
  if (path === '/style.css') return { status: 200, type: 'text/css', body: stylesheet(), headers: {} };
  if (path === '/clock' && form !== null) return moveClock(town, form);
  if (path === '/') return page(officePage(town, { mailbox: null, letter: null, isWriting: false, notice: null }));

  if (path.startsWith('/gallery')) return (await galleryAnswer(town, path)) ?? redirect('/gallery');

  const [, boxId, rest = ''] = /^\/boxes\/([\w-]+)(?:\/([\w/]+))?$/.exec(path) ?? [];
  const mailbox = town.mailboxes.find(({ id }) => id === boxId);
  if (mailbox === undefined) return redirect('/');
  const notice = search.get('sent') === null ? null : 'sent';
  if (rest === '') return page(officePage(town, { mailbox, letter: null, isWriting: false, notice }));
  if (rest === 'write') return form === null ? page(writingPage(town, mailbox)) : write(town, mailbox, form);

  const [, letterId, part = '', number] = /^(\d+)(?:\/(html|reply|files)(?:\/(\d+))?)?$/.exec(rest) ?? [];
  const letter = mailbox.letters.find(({ id }) => id === Number(letterId));
  if (letter === undefined) return redirect(`/boxes/${mailbox.id}`);
  if (part === 'html') return letterFrame(letter);
  if (part === 'files') return sendFile(letter, Number(number));
  if (part === 'reply' && form !== null) return reply(town, mailbox, letter, form);
  letter.isRead = true;
  return page(officePage(town, { mailbox, letter, isWriting: false, notice }));
}

function writingPage(town: DemoTown, mailbox: Mailbox): string {
  return officePage(town, { mailbox, letter: null, isWriting: true, notice: null });
}

async function write(town: DemoTown, mailbox: Mailbox, form: FormData): Promise<Answer> {
  const files = await filesOf(form, potholePhoto());
  const text = field(form, 'text');
  await town.send(mailbox, { to: field(form, 'to'), subject: field(form, 'subject'), text, files, answering: null });
  return sent(town, mailbox);
}

async function reply(town: DemoTown, mailbox: Mailbox, letter: Letter, form: FormData): Promise<Answer> {
  const files = await filesOf(form, houseNumberPhoto());
  const text = field(form, 'text');
  await town.send(mailbox, { to: replyToOf(letter), subject: replySubject(letter), text, files, answering: letter });
  return sent(town, mailbox);
}

/** When the page comes back, what the mail caused is already in the mailboxes. */
async function sent(town: DemoTown, mailbox: Mailbox): Promise<Answer> {
  await town.settle(SETTLE_MS);
  return redirect(`/boxes/${mailbox.id}?sent=1`);
}

const HOURS: Record<string, number> = { hour: 1, day: 24, week: 7 * 24 };

async function moveClock(town: DemoTown, form: FormData): Promise<Answer> {
  const hours = HOURS[field(form, 'step')];
  if (hours !== undefined) await jump(town, hours);
  const back = field(form, 'back');
  return redirect(/^\/[\w/-]*$/.test(back) && !back.startsWith('//') ? back : '/');
}

async function filesOf(form: FormData, sample: Photo): Promise<Photo[]> {
  const uploads = form.getAll('files').filter((entry) => typeof entry !== 'string' && entry.size > 0) as File[];
  const files = await Promise.all(
    uploads.map(async (file) => ({
      fileName: file.name,
      contentType: file.type,
      content: Buffer.from(await file.arrayBuffer()),
    })),
  );
  return form.get('sample') === 'yes' ? [sample, ...files] : files;
}

function field(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === 'string' ? value.replaceAll('\r\n', '\n').trim() : '';
}

const SHOWN_INLINE = /^image\/(png|jpeg|gif|webp)$/;

function sendFile({ mail }: Letter, number: number): Answer {
  const file = mail.attachments[number];
  if (file === undefined) return redirect('/');
  const isPicture = SHOWN_INLINE.test(file.contentType);
  const name = encodeURIComponent(file.filename ?? 'piece');
  return {
    status: 200,
    type: isPicture ? file.contentType : 'application/octet-stream',
    body: file.content,
    headers: isPicture ? {} : { 'Content-Disposition': `attachment; filename*=UTF-8''${name}` },
  };
}

function page(body: string): Answer {
  return { status: 200, type: 'text/html', body, headers: {} };
}

function redirect(location: string): Answer {
  return { status: 303, type: 'text/plain', body: '', headers: { Location: location } };
}

function stylesheet(): string {
  return readFileSync(`${TEMPLATES_DIR}/demo/style.css`, 'utf8');
}

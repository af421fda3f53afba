import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { findForward } from '../../src/domain/forward.ts';
import { splitReply } from '../../src/domain/reply-text.ts';
import { explainRaw, findMails, type Explanation } from '../../src/intake/explain.ts';
import type { Parser } from '../../src/intake/parser.ts';

/** How well real mail is understood: one line per set, with what it got wrong. */

export interface Score {
  set: string;
  what: string;
  right: number;
  of: number;
  wrong: string[];
}

export const MAILBOX = 'mairie@plassans.fr';

type Measure = (folder: string, parser: Parser) => Promise<Score[]>;

/** By the name of the folder. A set that is not known is only read: every file must yield a verdict. */
export const MEASURES: Record<string, Measure> = {
  email_reply_trimmer: async (folder) => [await replies(folder, 'emails', 'trimmed'), await forwards(folder)],
  github_email_reply_parser: async (folder) => [await replies(folder, 'emails', 'reply')],
  crisp_email_reply_parser: async (folder) => [await replies(folder, 'fixtures', 'reply')],
  flufl_bounce: bounces,
  imio: attachedForwards,
  french,
};

/** Whatever it is, it is called something. */
export async function verdicts(folder: string, parser: Parser): Promise<Score> {
  const wrong: string[] = [];
  const files = await findMails([folder]);
  for (const file of files) {
    const { kind } = await explainRaw(file, readFileSync(file), parser, MAILBOX);
    if (kind === undefined) wrong.push(basename(file));
  }
  return { set: basename(folder), what: 'verdicts', right: files.length - wrong.length, of: files.length, wrong };
}

async function replies(folder: string, emails: string, value: string): Promise<Score> {
  const expected = readExpected<Record<string, string>>(folder);
  return score(basename(folder), 'replies', Object.entries(expected), ([name, values]) =>
    isSame(splitReply(readFileSync(join(folder, emails, name), 'utf8')).text, values[value] ?? ''),
  );
}

async function forwards(folder: string): Promise<Score> {
  const expected = readExpected<{ embedded: string | null; before: string | null }>(folder);
  const cases = Object.entries(expected).filter(([, { embedded }]) => embedded !== null && embedded !== '');
  return score(basename(folder), 'forwards', cases, ([name, { embedded, before }]) => {
    const found = findForward(readFileSync(join(folder, 'emails', name), 'utf8'));
    return (
      found !== null && isSame(`${found.headers}\n${found.text}`, embedded ?? '') && isSame(found.before, before ?? '')
    );
  });
}

/** Recipients of failures, exactly; then the mails of all other sets that are wrongly called a bounce. */
async function bounces(folder: string, parser: Parser): Promise<Score[]> {
  const expected = readExpected<{ recipients: string[]; temporary: boolean }>(folder);
  const found = new Map<string, Explanation>();
  for (const name of Object.keys(expected)) {
    found.set(name, await explainRaw(name, readFileSync(join(folder, name)), parser, MAILBOX));
  }
  const recipients = (name: string) => found.get(name)?.bounces.map(({ recipient }) => recipient.toLowerCase()) ?? [];
  const exact = await score(
    basename(folder),
    'recipients',
    Object.entries(expected),
    ([name, { recipients: wanted }]) =>
      isSameSet(
        recipients(name),
        wanted.map((each) => each.toLowerCase()),
      ),
  );
  const others = readdirSync(join(folder, '..'), { withFileTypes: true }).filter(
    (entry) => entry.isDirectory() && entry.name !== basename(folder),
  );
  const mails = await findMails(others.map(({ name }) => join(folder, '..', name)));
  const ordinary = mails.filter(
    (file) => !/multipart_report|delivery-status|mimepart_without_content_type|expected|matchers/.test(file),
  );
  const wrong: string[] = [];
  for (const file of ordinary) {
    const { kind } = await explainRaw(file, readFileSync(file), parser, MAILBOX);
    if (kind === 'bounce') wrong.push(basename(file));
  }
  const right = ordinary.length - wrong.length;
  return [
    exact,
    { set: basename(folder), what: 'ordinary mails not called a bounce', right, of: ordinary.length, wrong },
  ];
}

async function attachedForwards(folder: string, parser: Parser): Promise<Score[]> {
  const expected = readExpected<{ orig: string; attachs: string[] }>(folder);
  const cases: [string, Explanation][] = [];
  for (const name of Object.keys(expected)) {
    cases.push([name, await explainRaw(name, readFileSync(join(folder, name)), parser, MAILBOX)]);
  }
  return [
    await score(basename(folder), 'attached forwards', cases, ([name, { kind, forwarded }]) =>
      expected[name]?.orig !== 'Agent forward'
        ? kind !== 'unreadable'
        : kind === 'forward' && (forwarded?.from ?? '') !== '',
    ),
  ];
}

interface FrenchMail {
  kind: string;
  from?: string;
  subject?: string;
  text?: string;
  attachments?: { name: string; type: string; inline: boolean }[];
  bounces?: Explanation['bounces'];
  forwarded?: Partial<Explanation['forwarded'] & object> | null;
  automatic?: boolean;
}

/** Each stated field, and the mails of which every stated field is right. */
async function french(folder: string, parser: Parser): Promise<Score[]> {
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.eml'))
    .map((name) => name.replace(/\.eml$/, ''));
  const cases: { name: string; wanted: FrenchMail; found: Explanation }[] = [];
  for (const name of names) {
    const wanted = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as FrenchMail;
    cases.push({
      name,
      wanted,
      found: await explainRaw(name, readFileSync(join(folder, `${name}.eml`)), parser, MAILBOX),
    });
  }
  const field = (
    what: string,
    isStated: (wanted: FrenchMail) => boolean,
    isRight: (wanted: FrenchMail, found: Explanation) => boolean,
  ) =>
    score(
      'french',
      what,
      cases.filter(({ wanted }) => isStated(wanted)).map((each) => [each.name, each] as const),
      ([, each]) => isRight(each.wanted, each.found),
    );
  return Promise.all([
    field(
      'kinds',
      () => true,
      (wanted, found) => wanted.kind === found.kind,
    ),
    field(
      'senders',
      ({ from }) => from !== undefined,
      (wanted, found) => wanted.from === found.from,
    ),
    field(
      'texts',
      ({ text }) => text !== undefined,
      (wanted, found) => isSame(found.text, wanted.text ?? ''),
    ),
    field(
      'attachments',
      ({ attachments }) => attachments !== undefined,
      (wanted, found) =>
        isSameSet(
          found.attachments.map(({ name, type }) => `${name} ${type}`),
          (wanted.attachments ?? []).map(({ name, type }) => `${name} ${type}`),
        ),
    ),
    field(
      'bounces',
      ({ bounces: b }) => (b?.length ?? 0) > 0,
      (wanted, found) =>
        isSameSet(
          found.bounces.map(({ recipient, hard }) => `${recipient} ${hard}`),
          (wanted.bounces ?? []).map(({ recipient, hard }) => `${recipient} ${hard}`),
        ),
    ),
    field(
      'forwards',
      ({ forwarded }) => (forwarded ?? null) !== null,
      ({ forwarded }, found) =>
        forwarded?.from === found.forwarded?.from && isSame(found.forwarded?.text ?? '', forwarded?.text ?? ''),
    ),
    field(
      'automatic',
      ({ automatic }) => automatic !== undefined,
      (wanted, found) => wanted.automatic === found.automatic,
    ),
  ]);
}

async function score<T extends readonly [string, ...unknown[]]>(
  set: string,
  what: string,
  cases: readonly T[],
  isRight: (each: T) => boolean,
): Promise<Score> {
  const wrong = cases.filter((each) => !isRight(each)).map(([name]) => name);
  return { set, what, right: cases.length - wrong.length, of: cases.length, wrong };
}

function readExpected<T>(folder: string): Record<string, T> {
  return JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as Record<string, T>;
}

function isSame(found: string, expected: string): boolean {
  return found.replace(/\s+/g, ' ').trim() === expected.replace(/\s+/g, ' ').trim();
}

function isSameSet(found: readonly string[], expected: readonly string[]): boolean {
  return JSON.stringify([...new Set(found)].toSorted()) === JSON.stringify([...new Set(expected)].toSorted());
}

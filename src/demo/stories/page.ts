import { setTimeout as sleep } from 'node:timers/promises';
import type { Mailbox } from '../mailboxes.ts';
import { plain, textOf, unescape } from './reading.ts';
import { Unexpected } from './unexpected.ts';
import { sentence, type Transcript } from './voices.ts';

/** A page of Guichet in somebody's hands: read, downloaded from, filled in and sent, over HTTP and without scripts. */
export interface Page {
  status: number;
  html: string;
  /** What a person reads. */
  text: string;
  says(words: string): boolean;
  /** The files it links to. */
  files(): string[];
  downloads(path: string): Promise<Buffer>;
  /** Fills the form and sends it; the page that comes in the end. */
  submits(fields: Record<string, string>): Promise<Page>;
}

/** The server asks again whoever is faster than a person. */
const READING_MS = 1_150;

export async function openPage(url: string, reader: Mailbox, transcript: Transcript): Promise<Page> {
  return pageOf(url, await fetch(url), reader, transcript);
}

async function pageOf(url: string, response: Response, reader: Mailbox, transcript: Transcript): Promise<Page> {
  const html = await response.text();
  const text = textOf(html);
  transcript.page(response.status, headingOf(html));
  const page: Page = {
    status: response.status,
    html,
    text,
    says: (words) => plain(text).includes(plain(words)),
    files: () => [...new Set([...html.matchAll(/href="(\/f\/[^"]+)"/g)].map(([, path]) => unescape(path ?? '')))],
    downloads: async (path) => {
      const file = await fetch(new URL(path, url));
      if (!file.ok) throw new Unexpected(sentence('expectedFile'), `${file.status} ${path}`);
      return Buffer.from(await file.arrayBuffer());
    },
    submits: async (fields) => {
      const form = formIn(html);
      const unknown = Object.keys(fields).filter((name) => !form?.names.includes(name));
      if (form === null || unknown.length > 0)
        throw new Unexpected(sentence('expectedForm', { fields: unknown.join(', ') }), text);
      await sleep(READING_MS);
      transcript.deed('submits', { name: reader.name, button: form.button, words: wordsOf(fields) });
      const target = new URL(form.action, url);
      const body = new URLSearchParams({ nonce: form.nonce, ...fields });
      const answer = await fetch(target, { method: 'POST', body });
      return pageOf(answer.url, answer, reader, transcript);
    },
  };
  return page;
}

interface Form {
  action: string;
  nonce: string;
  names: string[];
  button: string;
}

function formIn(html: string): Form | null {
  for (const [form] of html.matchAll(/<form[^>]*method="post"[\s\S]*?<\/form>/g)) {
    const nonce = /name="nonce" value="([^"]+)"/.exec(form)?.[1];
    const action = /action="([^"]+)"/.exec(form)?.[1];
    if (nonce === undefined || action === undefined) continue;
    const names = [...form.matchAll(/name="([^"]+)"/g)].map(([, name]) => name ?? '');
    const button = textOf(/<button[\s\S]*?<\/button>/.exec(form)?.[0] ?? '');
    return { action: unescape(action), nonce: unescape(nonce), names, button };
  }
  return null;
}

function headingOf(html: string): string {
  return textOf(/<h1[\s\S]*?<\/h1>/.exec(html)?.[0] ?? /<title>[\s\S]*?<\/title>/.exec(html)?.[0] ?? '');
}

function wordsOf(fields: Record<string, string>): string {
  return Object.values(fields).join(' – ');
}

import { createHash } from 'node:crypto';
import { signLink, subjectOf, type LinkClaims } from '../../src/action-link.ts';
import { loadConfig } from '../../src/config.ts';
import type { Log } from '../../src/log.ts';
import { openRequests } from '../../src/store/decide-on.ts';
import { newId } from '../../src/store/ids.ts';
import { openStore, type Ground } from '../../src/store/store.ts';
import type { NewAttachment } from '../../src/store/write-decisions.ts';
import { startWebServer, type WebServer } from '../../src/web/server.ts';
import { freePort } from '../support/free-port.ts';
import { freshDatabase } from '../support/postgres.ts';

/** A town hall with its pages, its database, and a clock that the test moves. */
export interface TestTown {
  ground: Ground;
  url: string;
  secrets: string[];
  web: WebServer;
  /** Every line of the log. */
  logged: unknown[];
  isOutgoingPaused: boolean;
  advance(ms: number): void;
  stop(): Promise<void>;
}

export const SECRET = 'Plassans-0123456789-abcdefghij-ABCDEFGHIJ';

export async function startTown(
  options: { publicUrl?: string; databaseUrl?: string; trustedProxies?: number } = {},
): Promise<TestTown> {
  const databaseUrl = options.databaseUrl ?? (await freshDatabase()).url;
  const config = loadConfig('config', {});
  if (!config.ok) throw new Error('the sample config is wrong');
  const store = await openStore({ databaseUrl, onError: () => undefined });
  let offset = 0;
  const logged: unknown[] = [];
  const keep = (line: unknown) => void logged.push(line);
  const log = { info: keep, warn: keep, error: keep } as unknown as Log;
  const clock = { now: () => new Date(Date.now() + offset) };
  const ground: Ground = { store, config: config.value, clock, log, scansPieces: false };
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const web = await startWebServer({
    ground,
    secrets: [SECRET],
    publicUrl: options.publicUrl ?? url,
    port,
    trustedProxies: options.trustedProxies ?? 0,
    isHealthy: async () => true,
    isOutgoingPaused: () => town.isOutgoingPaused,
  });
  const town: TestTown = {
    ground,
    url,
    secrets: [SECRET],
    web,
    logged,
    isOutgoingPaused: false,
    advance: (ms) => {
      offset += ms;
    },
    stop: async () => {
      await web.stop();
      await store.close();
    },
  };
  return town;
}

export interface Written {
  subject?: string;
  text?: string;
  name?: string;
  address?: string;
  elided?: string;
  category?: string | null;
  files?: { fileName: string; contentType: string; content: Buffer }[];
}

/** A citizen writes: the request's id. */
export async function openRequest({ ground }: TestTown, written: Written = {}): Promise<string> {
  const attachments: NewAttachment[] = (written.files ?? []).map((file) => ({
    ...file,
    inline: false,
    sha256: createHash('sha256').update(file.content).digest('hex'),
  }));
  const opening = {
    citizen: {
      role: 'citizen' as const,
      department: null,
      name: written.name ?? 'Zoé Dupont',
      address: written.address ?? 'zoe@example.org',
    },
    subject: written.subject ?? 'Un nid-de-poule rue des Lilas',
    text: written.text ?? 'Bonjour,\n\nUn trou profond s’est ouvert devant le 12.\n\nZoé Dupont',
    elided: written.elided ?? '',
    receivedAt: ground.clock.now(),
    acknowledge: true,
    category: written.category === undefined ? 'chaussee' : written.category,
    origin: 'email' as const,
    details: {},
    relatedReference: null,
  };
  const cause = { id: `test:${newId()}`, attachments };
  const [opened] = await ground.store.db.$transaction((tx) =>
    openRequests(ground, tx, [{ opening, note: null, cause }]),
  );
  return opened?.requestId ?? '';
}

/** What the newest link of this person claims; `who` is a role (`desk`, `department:voirie`) or an address. */
export async function claimsOf(
  { ground }: TestTown,
  requestId: string,
  who: string,
  act = 'view',
): Promise<LinkClaims> {
  const links = await ground.store.db.actionLink.findMany({ where: { requestId }, orderBy: { id: 'desc' } });
  const link = links.find((each) => subjectOf(each) === who || each.address === who);
  if (link === undefined) throw new Error(`no link was mailed to ${who}`);
  const sub = subjectOf(link);
  return { jti: link.id, rid: requestId, sub, act, iat: seconds(link.createdAt), exp: seconds(link.expiresAt) };
}

function seconds(at: Date): number {
  return Math.floor(at.getTime() / 1_000);
}

/** The path of that link, as its mail would carry it. */
export async function linkOf(town: TestTown, requestId: string, who: string, act = 'view'): Promise<string> {
  return `/a/${signLink('action', await claimsOf(town, requestId, who, act), town.secrets)}`;
}

export interface Shown {
  status: number;
  html: string;
  headers: Headers;
}

export async function get(town: TestTown, path: string, headers: Record<string, string> = {}): Promise<Shown> {
  const response = await fetch(town.url + path, { headers, redirect: 'manual' });
  return { status: response.status, html: await response.text(), headers: response.headers };
}

export async function post(
  town: TestTown,
  path: string,
  fields: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Shown> {
  const body = new URLSearchParams(fields);
  const response = await fetch(town.url + path, { method: 'POST', body, headers, redirect: 'manual' });
  return { status: response.status, html: await response.text(), headers: response.headers };
}

export interface SentFile {
  name: string;
  content: Uint8Array<ArrayBuffer> | string;
  type?: string;
}

/** Like `act`, as a form with files is sent by a browser (RFC 7578). */
export async function actWithFiles(
  town: TestTown,
  path: string,
  fields: Record<string, string>,
  files: SentFile[],
): Promise<Shown> {
  const body = new FormData();
  for (const [name, value] of Object.entries({ nonce: await readForm(town, path), ...fields }))
    body.append(name, value);
  for (const { name, content, type } of files) body.append('files', new File([content], name, type ? { type } : {}));
  town.advance(2_000);
  const response = await fetch(town.url + path, { method: 'POST', body, redirect: 'manual' });
  return { status: response.status, html: await response.text(), headers: response.headers };
}

export function nonceIn(html: string): string {
  return /name="nonce" value="([^"]+)"/.exec(html)?.[1] ?? '';
}

/** What stands in the field of the words. */
export function wordsIn(html: string): string {
  const escaped = /<textarea[^>]*name="comment"[^>]*>\n([^<]*)<\/textarea>/.exec(html)?.[1] ?? '';
  return escaped
    .replaceAll('&#39;', "'")
    .replaceAll('&#34;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

export async function readForm(town: TestTown, path: string): Promise<string> {
  const nonce = nonceIn((await get(town, path)).html);
  if (nonce === '') throw new Error('the page shows no form');
  return nonce;
}

/** Reads the page, takes the time a person takes, sends the form; answers what came back, before any redirect. */
export async function act(town: TestTown, path: string, fields: Record<string, string>): Promise<Shown> {
  const nonce = await readForm(town, path);
  town.advance(2_000);
  return post(town, path, { nonce, ...fields });
}

/** The same, up to the page that a browser shows in the end. */
export async function actAndFollow(town: TestTown, path: string, fields: Record<string, string>): Promise<Shown> {
  const answer = await act(town, path, fields);
  if (answer.status !== 303) throw new Error(`expected a redirect, not ${answer.status}: ${textOf(answer.html)}`);
  return get(town, answer.headers.get('location') ?? '');
}

/** What a person reads. */
export function textOf(html: string): string {
  return html
    .replace(/<head>[\s\S]*?<\/head>/, ' ')
    .replace(/<[^>]+>/g, ' ')
    .replace(/&nbsp;|\u00a0|\u202f/g, ' ')
    .replace(/&#39;/g, "'")
    .replace(/\s+/g, ' ')
    .replace(/ ([,.)])/g, '$1')
    .replace(/\( /g, '(')
    .trim();
}

/** The town hall of several agents: two at the Voirie, one at the desk. */
export const JEANNE = { name: 'Jeanne Martin', address: 'j.martin@plassans.fr', office: 'voirie' };
export const PAUL = { name: 'Paul Bernard', address: 'p.bernard@plassans.fr', office: 'voirie' };
export const LEA = { name: 'Léa Moreau', address: 'l.moreau@plassans.fr', office: 'desk' };

export function hireAgents({ ground }: TestTown): void {
  const { config } = ground;
  ground.config = { ...config, town: { ...config.town, agents: [JEANNE, PAUL, LEA] } };
}

/** Changes what the lists of the config say. */
export function withLists({ ground }: TestTown, lists: Partial<TestTown['ground']['config']['lists']>): void {
  ground.config = { ...ground.config, lists: { ...ground.config.lists, ...lists } };
}

export async function requestOf({ ground }: TestTown, requestId: string) {
  return ground.store.db.serviceRequest.findUniqueOrThrow({ where: { id: requestId } });
}

export async function lastEvent({ ground }: TestTown, requestId: string) {
  return ground.store.db.event.findFirstOrThrow({ where: { requestId }, orderBy: { id: 'desc' } });
}

/** Who was written to, as `kind → address`, oldest first. */
export async function mailsOf({ ground }: TestTown, requestId: string, kinds: string[] = []): Promise<string[]> {
  const mails = await ground.store.db.outboundEmail.findMany({ where: { requestId }, orderBy: { id: 'asc' } });
  return mails
    .filter(({ kind }) => kinds.length === 0 || kinds.includes(kind))
    .map(({ kind, toAddress }) => `${kind} → ${toAddress}`);
}

export async function eventsOf({ ground }: TestTown, requestId: string): Promise<string[]> {
  const events = await ground.store.db.event.findMany({ where: { requestId }, orderBy: { id: 'asc' } });
  return events.map(({ action }) => action);
}

export const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==',
  'base64',
);

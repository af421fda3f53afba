import { randomBytes, randomUUID } from 'node:crypto';
import type { SendMailOptions } from 'nodemailer';
import type { Settings } from '../config.ts';
import { DESK, type Person, type Town } from '../domain/people.ts';
import { messageOf } from '../outbound/compose.ts';
import { inlineParts } from '../outbound/mail-pictures.ts';
import type { MailView, OfficeView } from '../outbound/mail-view.ts';
import { acceptOwnTemplates } from '../outbound/own-templates.ts';
import { createRenderer, type RenderedMail, type Renderer } from '../outbound/render.ts';
import { sampleOf, type SampleCase } from '../outbound/sample-cases.ts';
import { classifyFailure } from '../outbound/send-failure.ts';
import { openTransport, type Transport } from '../outbound/transport.ts';
import { label } from '../template.ts';
import { GALLERY_CASES, GALLERY_ROWS, samplePictures, type GalleryRow } from './gallery.ts';
import { readOrder, rolesOf } from './sample-order.ts';

/** A sample of a mail, to one address, through the town's own server. Nothing in it leads to a real request. */

type Print = (template: string, values: object) => void;

/** Answers the exit code: 0 sent, 1 not sent, 2 not understood. */
export async function sendSamples(
  args: readonly string[],
  settingsOrProblems: () => Settings | null,
  print: Print,
): Promise<number> {
  const order = readOrder(args);
  if (order.is === 'list') {
    print('sample-list', { kinds: kindsWithRoles(), cases: GALLERY_CASES });
    return 0;
  }
  if (order.is === 'problem') {
    print('sample-problem', order);
    return 2;
  }
  const settings = settingsOrProblems();
  if (settings === null) return 1;
  if (order.to.toLowerCase() === settings.config.town.mailbox) {
    print('sample-problem', { problem: 'mailbox', found: order.to });
    return 2;
  }
  const transport = openTransport(settings.smtp);
  try {
    return await sendAll(order, settings, transport, print);
  } finally {
    transport.close();
  }
}

function kindsWithRoles() {
  const kinds = [...new Set(GALLERY_ROWS.map(({ kind }) => kind))];
  return kinds.map((kind) => {
    const rows = GALLERY_ROWS.filter((row) => row.kind === kind);
    return { kind, name: rows[0]?.name ?? '', roles: rolesOf(rows) };
  });
}

interface Order {
  rows: readonly GalleryRow[];
  sampleCase: SampleCase;
  to: string;
}

async function sendAll(order: Order, settings: Settings, transport: Transport, print: Print): Promise<number> {
  const { host, port } = settings.smtp;
  const { own } = await acceptOwnTemplates(settings.config.templatesDir, settings.config.town);
  const renderer = await createRenderer(settings.config.town, own);
  const pictures = await samplePictures();
  for (const row of order.rows) {
    const message = sampleMessage(row, order, settings, renderer, pictures);
    try {
      await transport.send(message, { id: message.messageId ?? '', kind: row.kind });
    } catch (error) {
      const { answer } = classifyFailure(error);
      print('sample-not-sent', { failure: failureOf(error), host, port, to: order.to, answer });
      return 1;
    }
    print('sample-sent', { to: order.to, subject: message.subject, name: row.name, recipient: row.recipient });
  }
  return 0;
}

function sampleMessage(
  { kind, role }: GalleryRow,
  { sampleCase, to }: Order,
  { config: { town }, publicUrl }: Settings,
  renderer: Renderer,
  pictures: Awaited<ReturnType<typeof samplePictures>>,
): SendMailOptions {
  const view = asOf(town, sampleOf(kind, role, sampleCase));
  const rendered = unreal(renderer.render(view), publicUrl);
  const person: Person = { role, department: null, name: view.to.name, address: to };
  const now = new Date();
  return messageOf(
    town,
    // Keys of nobody: an answer to it finds no request.
    { publicUrl, secrets: [randomBytes(32).toString('base64url')] },
    {
      kind,
      language: view.language,
      facts: view.facts,
      to: person,
      dossier: view.request && { request: { reference: unrealNumber(view.request.reference) } },
      rendered,
      mail: { messageId: `<sample.${randomUUID()}@${domainOf(town)}>`, sendAfter: null, createdAt: now },
      thread: [],
      attachments: inlineParts(
        pictures.map(({ cid, content }) => ({ cid, jpeg: content, width: 0, height: 0 })),
        rendered.html,
      ),
    },
  );
}

/** The letterhead and the offices of the town that sends it. */
function asOf(town: Town, view: MailView): MailView {
  const office = ({ id }: OfficeView): OfficeView => {
    const [department] = town.departments;
    const { name, address, phone, postalAddress } = id === DESK || department === undefined ? town.desk : department;
    return { id, name, address, phone, postalAddress };
  };
  return {
    ...view,
    town: {
      name: town.name,
      mailbox: town.mailbox,
      desk: office({ ...view.town.desk, id: DESK }),
      court: town.court,
      officer: town.dataProtectionOfficer,
    },
    holder: office(view.holder),
    previousHolder: view.previousHolder && office(view.previousHolder),
  };
}

/** Marked as a trial, with numbers that no request will have, and links that lead home and open nothing. */
function unreal({ subject, html, text }: RenderedMail, publicUrl: string): RenderedMail {
  const made = (words: string) => unrealNumber(words).replaceAll(SAMPLE_SITE, publicUrl);
  return { subject: `${label('gallery', 'trial')} ${made(subject)}`, html: made(html), text: made(text) };
}

const SAMPLE_SITE = 'https://guichet.plassans.fr';

function unrealNumber(words: string): string {
  return words.replaceAll(/\b20\d\d-(?=0000\d\d\b)/g, '2000-');
}

function domainOf({ mailbox }: Town): string {
  return mailbox.slice(mailbox.lastIndexOf('@') + 1);
}

/** By whom the sender must look: the recipient, the clock, the password, the network. */
function failureOf(error: unknown): 'refused' | 'later' | 'login' | 'away' {
  const { code, command, response } = error as { code?: string; command?: string; response?: string };
  if (code === 'EAUTH') return 'login';
  if (command === 'CONN' || response === undefined) return 'away';
  return classifyFailure(error).fate === 'never' ? 'refused' : 'later';
}

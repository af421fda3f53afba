import { createHash } from 'node:crypto';
import { simpleParser } from 'mailparser';
import type { SendMailOptions } from 'nodemailer';
import sharp from 'sharp';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { isThumbnail } from '../../src/domain/thumbnail.ts';
import { parseEmail } from '../../src/intake/parse.ts';
import { createComposer, type Composer } from '../../src/outbound/compose.ts';
import { createRenderer, type Renderer } from '../../src/outbound/render.ts';
import { openTransport } from '../../src/outbound/transport.ts';
import { openRequests } from '../../src/store/decide-on.ts';
import { claimMail } from '../../src/store/claim-mail.ts';
import type { NewAttachment } from '../../src/store/write-decisions.ts';
import { act, aGround, aNewRequest, DESK_PERSON, type TestGround } from '../store/ground.ts';
import { freshDatabase } from '../support/postgres.ts';
import { startSmtpSink } from '../support/smtp-sink.ts';

let renderer: Renderer;
let ground: TestGround;
let composer: Composer;

beforeAll(async () => {
  renderer = await createRenderer({ timeZone: 'Europe/Paris' });
});

beforeEach(async () => {
  ground = await aGround((await freshDatabase()).url);
  composer = aComposer();
});

afterEach(() => ground.close());

describe('N14: an agent sees the photos of a request in the mail itself', () => {
  test('a photo: its mail brings it small, beside the words, and its text part knows nothing of it', async () => {
    const id = await openWith([piece('trou.jpg', await aPhoto(1))]);
    const { html, text, ...mail } = await mailOf(id, 'new_request');
    const [cid = ''] = cidsIn(html);
    expect(partsOf(mail)).toMatchObject([{ cid, contentType: 'image/jpeg', contentDisposition: 'inline' }]);
    expect(html).toMatch(/<a href="[^"]+\/f\/[^"]+"><img [^>]*alt="trou\.jpg" width="160" height="120"/);
    expect(text).not.toContain('cid:');
    expect(text).toContain('trou.jpg');
  });

  test('the town’s mail server receives it inside the HTML, not among the pieces', async () => {
    const id = await openWith([piece('trou.jpg', await aPhoto(1))]);
    const raw = await sent(await mailOf(id, 'new_request'));
    const mail = await simpleParser(raw, { skipImageLinks: true });
    expect(
      mail.attachments.map(({ filename, related, contentDisposition }) => [filename, related, contentDisposition]),
    ).toEqual([
      ['photo-1.jpg', true, 'inline'],
      ['trou.jpg', undefined, 'attachment'],
    ]);
    expect(raw.toString('latin1')).toMatch(/multipart\/related/);
    expect(mail.html).toContain(`cid:${mail.attachments[0]?.cid}`);
  });

  test('a PNG that is named .pdf is known by its first bytes; a PDF that is named .jpg is none', async () => {
    const png = await sharp(await aPhoto(1))
      .png()
      .toBuffer();
    const id = await openWith([
      piece('plan.pdf', png, 'application/pdf'),
      piece('photo.jpg', Buffer.from('%PDF-1.7 not a photo'), 'image/jpeg'),
      piece('dessin.svg', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'image/svg+xml'),
    ]);
    const { html } = await mailOf(id, 'new_request');
    expect(altsIn(html)).toEqual(['plan.pdf']);
  });

  test('of twelve photos the first six are shown, all are named, and the mail stays light', async () => {
    const photos = await Promise.all(Array.from({ length: 12 }, (_, i) => aPhoto(i)));
    const id = await openWith(photos.map((photo, i) => piece(`photo ${i + 1}.jpg`, photo)));
    const { html, ...mail } = await mailOf(id, 'new_request');
    expect(altsIn(html)).toEqual([1, 2, 3, 4, 5, 6].map((i) => `photo ${i}.jpg`));
    for (let i = 1; i <= 12; i += 1) expect(html).toContain(`Ouvrir photo ${i}.jpg</a>`);
    expect(partsOf(mail)).toHaveLength(6);
    expect(await thumbnails()).toHaveLength(6);
    expect(Buffer.byteLength(html as string)).toBeLessThanOrEqual(80_000);
    const bytes = partsOf(mail).reduce((sum, { content }) => sum + (content as Buffer).length, 0);
    expect(bytes).toBeLessThanOrEqual(100_000);
  });

  test('the same photo twice is brought once', async () => {
    const photo = await aPhoto(1);
    const id = await openWith([piece('a.jpg', photo), piece('b.jpg', photo)]);
    const { html, ...mail } = await mailOf(id, 'new_request');
    expect(altsIn(html)).toEqual(['a.jpg', 'b.jpg']);
    expect(partsOf(mail)).toHaveLength(1);
  });

  test('the logo of a signature is not shown', async () => {
    const logo = await sharp(await aPhoto(1))
      .resize(120, 60)
      .png()
      .toBuffer();
    const id = await openWith([{ ...piece('image001.png', logo), inline: true }]);
    expect(cidsIn((await mailOf(id, 'new_request')).html)).toEqual([]);
  });

  test('a photo is decoded once: the next mail, and another instance, find it kept', async () => {
    const id = await openWith([piece('trou.jpg', await aPhoto(1))]);
    const first = await mailOf(id, 'new_request');
    const kept = await thumbnails();
    expect(kept).toHaveLength(1);
    expect(isThumbnail(kept[0] ?? Buffer.alloc(0))).toBe(true);
    await ground.store.db.$executeRaw`UPDATE "Blob" SET bytes = ''::bytea`;
    await act(ground, id, 'transfer', DESK_PERSON);
    composer = aComposer();
    expect(partsOf(await mailOf(id, 'transferred'))).toEqual(partsOf(first));
  });

  test('a mail that a server did not take at first still shows them', async () => {
    const id = await openWith([piece('trou.jpg', await aPhoto(1))]);
    const first = await mailOf(id, 'new_request');
    expect(partsOf(await mailOf(id, 'new_request'))).toEqual(partsOf(first));
  });
});

describe('no picture, and the mail leaves whole', () => {
  test.each(['pending', 'infected', 'unscannable'])('while a piece is %s for the antivirus', async (scan) => {
    const id = await openWith([piece('trou.jpg', await aPhoto(1))]);
    await ground.store.db.blob.updateMany({ data: { scan } });
    const { html, ...mail } = await mailOf(id, 'new_request');
    expect([cidsIn(html), partsOf(mail), await thumbnails()]).toEqual([[], [], []]);
    expect(html).toContain('trou.jpg');
  });

  test('of a picture that ended the process while it was decoded: it does so once, whichever mail shows it', async () => {
    const id = await openWith([piece('trou.jpg', await aPhoto(1))]);
    // As the row stands between the claim and the end of the work.
    await ground.store.db.blob.updateMany({ data: { thumbnail: new Uint8Array() } });
    expect(cidsIn((await mailOf(id, 'new_request')).html)).toEqual([]);
    await act(ground, id, 'transfer', DESK_PERSON);
    expect(cidsIn((await mailOf(id, 'transferred')).html)).toEqual([]);
  });

  test('of a bomb and of a photo cut in half; the sound one beside them is shown', async () => {
    const bomb = await sharp({ create: { width: 10_000, height: 5_000, channels: 3, background: '#777777' } })
      .png()
      .toBuffer();
    const photo = await aPhoto(1);
    const id = await openWith([
      piece('bombe.png', bomb),
      piece('coupée.jpg', photo.subarray(0, photo.length / 2)),
      piece('trou.jpg', photo),
    ]);
    const { html } = await mailOf(id, 'new_request');
    expect(altsIn(html)).toEqual(['trou.jpg']);
    expect(html).toContain('Ouvrir bombe.png');
  });

  test('when the table of pieces cannot be read for them', async () => {
    const id = await openWith([piece('trou.jpg', await aPhoto(1))]);
    await ground.store.db.$executeRaw`ALTER TABLE "Blob" RENAME COLUMN thumbnail TO elsewhere`;
    const { html } = await mailOf(id, 'new_request');
    expect(cidsIn(html)).toEqual([]);
    expect(html).toContain('Ouvrir trou.jpg');
  });

  test('in any mail of a citizen', async () => {
    const id = await openWith([piece('trou.jpg', await aPhoto(1))]);
    await mailOf(id, 'new_request');
    await act(ground, id, 'message', DESK_PERSON);
    for (const kind of ['acknowledgement', 'message']) {
      const { html, ...mail } = await mailOf(id, kind);
      expect([cidsIn(html), partsOf(mail)]).toEqual([[], []]);
    }
  });
});

test('an answer that quotes our mail with its pictures brings what the agent attached, and none of them', async () => {
  const id = await openWith([piece('trou.jpg', await aPhoto(1))]);
  const [quoted] = partsOf(await mailOf(id, 'new_request'));
  const raw = await sent({
    from: 'accueil@plassans.fr',
    to: 'mairie@plassans.fr',
    text: 'Bonjour, nous passons jeudi.',
    html: '<p>Bonjour, nous passons jeudi.</p><blockquote><img src="cid:image001.jpg@01DC"></blockquote>',
    // Some programs give every part of a quotation a name of their own.
    attachments: [
      { ...quoted, cid: 'image001.jpg@01DC', filename: 'image001.jpg' },
      { filename: 'plan.jpg', content: await aPhoto(2) },
    ],
  });
  // Else a photo of an internal note would go on to the citizen.
  expect((await parseEmail(raw)).files.map(({ fileName }) => fileName)).toEqual(['plan.jpg']);
});

async function sent(message: SendMailOptions): Promise<Buffer> {
  const sink = await startSmtpSink();
  const transport = openTransport({ host: sink.host, port: sink.port, secure: false, user: '', password: '' });
  await transport.send(message, { id: '', kind: 'new_request' });
  transport.close();
  await sink.stop();
  return sink.mails[0]?.raw ?? Buffer.alloc(0);
}

/** Those that the HTML shows; an office that wants the pieces themselves receives them besides. */
function partsOf({ attachments = [] }: SendMailOptions) {
  return attachments.filter(({ cid }) => cid !== undefined);
}

function aComposer(): Composer {
  const links = { secrets: ['mQ2vX8rT5kLw9zBnY4sJd7hGc1fPa6eU'], publicUrl: 'http://127.0.0.1:8080' };
  return createComposer(ground, renderer, links);
}

async function openWith(attachments: NewAttachment[]): Promise<string> {
  const request = aNewRequest(ground);
  const cause = { ...request.cause, attachments };
  const opened = await ground.store.db.$transaction((tx) => openRequests(ground, tx, [{ ...request, cause }]));
  return opened[0]?.requestId ?? '';
}

/** The mail of this kind as it would leave now; each call is another try. */
async function mailOf(requestId: string, kind: string): Promise<SendMailOptions> {
  const { id, jobId } = await ground.store.db.outboundEmail.findFirstOrThrow({ where: { requestId, kind } });
  // What was written before it has left.
  await ground.store.db.outboundEmail.updateMany({ where: { requestId, id: { lt: id } }, data: { state: 'sent' } });
  await ground.store.db.outboundEmail.update({ where: { id }, data: { state: 'queued' } });
  const mail = await claimMail(ground, { outboundEmailId: id, jobId: jobId ?? '' });
  if (mail === null) throw new Error(`${kind} cannot be tried`);
  return composer.compose(mail);
}

async function thumbnails(): Promise<Buffer[]> {
  const rows = await ground.store.db.blob.findMany({ select: { thumbnail: true } });
  return rows.flatMap(({ thumbnail }) => (thumbnail === null ? [] : [Buffer.from(thumbnail)]));
}

/** No two are alike. */
async function aPhoto(seed: number): Promise<Buffer> {
  const noise = { type: 'gaussian' as const, mean: 120 + seed, sigma: 30 };
  return sharp({ create: { width: 800, height: 600, channels: 3, background: '#777777', noise } })
    .jpeg()
    .toBuffer();
}

function piece(fileName: string, content: Buffer, contentType = 'image/jpeg'): NewAttachment {
  const sha256 = createHash('sha256').update(content).digest('hex');
  return { fileName, contentType, sha256, inline: false, content };
}

function htmlOf({ html }: SendMailOptions): string {
  return typeof html === 'string' ? html : '';
}

function cidsIn(html: SendMailOptions['html']): string[] {
  return [...htmlOf({ html }).matchAll(/src="cid:([^"]+)"/g)].map(([, cid]) => cid ?? '');
}

function altsIn(html: SendMailOptions['html']): string[] {
  return [...htmlOf({ html }).matchAll(/<img [^>]*alt="([^"]*)"/g)].map(([, alt]) => alt ?? '');
}

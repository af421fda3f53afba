import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Config } from '../../src/config.ts';
import type { SunkMail } from '../support/smtp-sink.ts';
import { aMail, aPhoto, aReply, DESK, JEANNE, linksIn, plain, replyToOf, VOIRIE } from './mails.ts';
import { fixture, startTown, type TestTown } from './town.ts';

/** Mail as town halls receive it: machines, forwards, commands, forgeries; what becomes of it, and who is told. */

const DESKS = 'accueil@plassans.fr';
const VOIRIES = 'voirie@plassans.fr';
const SERVER = 'mx.plassans.fr';

let town: TestTown;
beforeAll(async () => {
  town = await startTown({ at: '2026-04-13T08:00:00Z', change: quick });
});
afterAll(() => town?.stop());
beforeEach(() => town.smtp.clear());

/** Looks at what waits every second: a person's word on a held mail is heard by the next look. */
function quick(config: Config): Config {
  return { ...config, pollSeconds: 1 };
}

interface Opened {
  id: string;
  reference: string;
  address: string;
  citizen: string;
  acknowledgement: SunkMail;
  told: SunkMail;
}

let citizens = 0;

function aCitizen(domain = 'example.org'): { address: string; citizen: string } {
  citizens += 1;
  const address = `person-${citizens}@${domain}`;
  return { address, citizen: `Person ${citizens} <${address}>` };
}

async function anOpenRequest(there: TestTown = town, domain?: string): Promise<Opened> {
  const who = aCitizen(domain);
  await there.write(await aMail({ from: who.citizen }));
  const acknowledgement = await there.smtp.requireMail({ to: who.address });
  const { id, reference } = await there.db.serviceRequest.findFirstOrThrow({ where: { citizenAddress: who.address } });
  const told = await there.smtp.requireMail({ to: DESKS, subject: reference });
  return { id, reference, ...who, acknowledgement, told };
}

async function afterIn(there: TestTown, ...raws: (string | Buffer)[]): Promise<SunkMail[]> {
  await there.quiet();
  there.smtp.clear();
  for (const raw of raws) await there.write(raw);
  await there.quiet();
  return [...there.smtp.mails];
}

const after = (...raws: (string | Buffer)[]) => afterIn(town, ...raws);
const recipients = (mails: readonly SunkMail[]) => mails.map(({ envelope }) => envelope.to.join()).toSorted();

async function actionsOn(requestId: string, there: TestTown = town): Promise<string[]> {
  const events = await there.db.event.findMany({ where: { requestId }, orderBy: { id: 'asc' } });
  return events.map(({ action }) => action);
}

async function stateOf(requestId: string) {
  return town.db.serviceRequest.findUniqueOrThrow({ where: { id: requestId } });
}

async function lastInbound(there: TestTown = town) {
  return there.db.inboundEmail.findFirstOrThrow({ orderBy: { arrivalNo: 'desc' }, omit: { raw: true } });
}

function sentTo(mails: readonly SunkMail[], address: string): string {
  return plain(mails.find(({ envelope }) => envelope.to.includes(address))?.mail.text);
}

async function withVoirie(request: Opened): Promise<SunkMail> {
  const left = await after(await aReply(request.told, DESK, 'transmettre voirie : pour vous'));
  return left.find(({ envelope }) => envelope.to.includes(VOIRIES)) as SunkMail;
}

describe('a reply that commands', () => {
  test('« transmettre voirie » hands the request over, and is echoed', async () => {
    const request = await anOpenRequest();
    const left = await after(await aReply(request.told, DESK, 'transmettre voirie'));
    expect(await stateOf(request.id)).toMatchObject({ holder: 'voirie', status: 'new' });
    expect(recipients(left)).toEqual([DESKS, request.address, VOIRIES].toSorted());
    expect(sentTo(left, DESKS)).toContain('transmettre voirie');
  });

  test('« accepté », by Voirie, closes it; the citizen is told; Voirie reads what was done', async () => {
    const request = await anOpenRequest();
    const left = await after(await aReply(await withVoirie(request), VOIRIE, 'accepté'));
    expect(await stateOf(request.id)).toMatchObject({ status: 'closed', outcome: 'accepted' });
    expect(recipients(left)).toEqual([DESKS, request.address, VOIRIES].toSorted());
    expect(sentTo(left, VOIRIES)).toContain("C'EST FAIT");
    expect(left.filter(({ envelope }) => envelope.to.includes(request.address))).toHaveLength(1);
  });

  test('« refusé : hors délai » tells the citizen why', async () => {
    const request = await anOpenRequest();
    const left = await after(await aReply(await withVoirie(request), VOIRIE, 'refusé : hors délai'));
    expect(await stateOf(request.id)).toMatchObject({ status: 'closed', outcome: 'refused' });
    expect(sentTo(left, request.address)).toContain('hors délai');
  });

  test('« il manque : la photo » asks the citizen', async () => {
    const request = await anOpenRequest();
    const left = await after(await aReply(request.told, DESK, 'il manque : la photo'));
    expect(await stateOf(request.id)).toMatchObject({ status: 'awaiting_citizen' });
    expect(sentTo(left, request.address)).toContain('la photo');
  });

  test('« note : … » stays between colleagues', async () => {
    const request = await anOpenRequest();
    const left = await after(await aReply(request.told, DESK, 'note : prudence avec ce monsieur'));
    expect(await actionsOn(request.id)).toEqual(['receive', 'note']);
    expect(recipients(left)).toEqual([DESKS]);
  });

  test('« je prends » takes it in charge', async () => {
    const request = await anOpenRequest();
    await after(await aReply(request.told, DESK, 'je prends'));
    expect(await stateOf(request.id)).toMatchObject({ status: 'in_progress' });
  });

  test('« aide » is answered by the card, and does nothing', async () => {
    const request = await anOpenRequest();
    const left = await after(await aReply(request.told, DESK, 'aide'));
    expect(await actionsOn(request.id)).toEqual(['receive']);
    expect(recipients(left)).toEqual([DESKS]);
    expect(sentTo(left, DESKS)).toContain('je prends');
  });

  test('« acepté » does nothing, reaches nobody, and is explained', async () => {
    const request = await anOpenRequest();
    const left = await after(await aReply(request.told, DESK, 'acepté'));
    expect(await actionsOn(request.id)).toEqual(['receive']);
    expect(recipients(left)).toEqual([DESKS]);
    expect(sentTo(left, DESKS)).toContain('accepté');
    expect(sentTo(left, DESKS)).toContain("rien n'a été fait");
  });

  test('« Accepté par le conseil… » is an ordinary message to the citizen', async () => {
    const request = await anOpenRequest();
    const words = 'Accepté par le conseil municipal en mars, le budget prévoit la réfection de la rue.';
    const left = await after(await aReply(request.told, DESK, words));
    expect(await actionsOn(request.id)).toEqual(['receive', 'message']);
    expect(recipients(left)).toEqual([request.address]);
    expect(sentTo(left, request.address)).toContain(words);
  });

  test('a citizen commands nothing', async () => {
    const request = await anOpenRequest();
    await after(await aReply(request.acknowledgement, request.citizen, 'accepté'));
    expect(await actionsOn(request.id)).toEqual(['receive', 'citizen_reply']);
  });
});

describe('a delivery report', () => {
  test('marks the very mail, flags the citizen, and tells the desk with the likely address', async () => {
    const request = await anOpenRequest(town, 'gmial.com');
    const left = await after(aReport(request.acknowledgement, { status: '5.1.1', text: '550 5.1.1 User unknown' }));
    expect(await stateOf(request.id)).toMatchObject({ undeliverable: true, status: 'new' });
    const mails = await town.db.outboundEmail.findMany({ where: { requestId: request.id, state: 'failed' } });
    expect(mails.map(({ kind, messageId }) => [kind, messageId])).toEqual([
      ['acknowledgement', request.acknowledgement.mail.messageId],
    ]);
    expect(mails).toMatchObject([{ bouncedAt: expect.any(Date), cause: 'unknown_address' }]);
    expect(recipients(left)).toEqual([DESKS]);
    expect(sentTo(left, DESKS)).toContain(request.address.replace('gmial', 'gmail'));
  });

  test('that says « delayed » is in the history, and nobody is told', async () => {
    const request = await anOpenRequest();
    const delayed = { status: '4.4.1', action: 'delayed', text: '451 4.4.1 No answer from host' };
    expect(await after(aReport(request.acknowledgement, delayed))).toEqual([]);
    expect(await actionsOn(request.id)).toEqual(['receive', 'delivery_delayed']);
    expect(await stateOf(request.id)).toMatchObject({ undeliverable: false });
    const where = { requestId: request.id, kind: 'acknowledgement' };
    const mail = await town.db.outboundEmail.findFirstOrThrow({ where });
    expect(mail).toMatchObject({
      state: 'sent',
      delayedAt: expect.any(Date),
      lastError: expect.stringMatching('4.4.1'),
    });
  });

  test('of a full mailbox is told, and the address is not given up', async () => {
    const request = await anOpenRequest();
    const full = { status: '5.2.2', text: '552 5.2.2 Mailbox full, over quota' };
    const left = await after(aReport(request.acknowledgement, full));
    expect(recipients(left)).toEqual([DESKS]);
    expect(await actionsOn(request.id)).toEqual(['receive', 'delivery_failed']);
    expect(await stateOf(request.id)).toMatchObject({ undeliverable: false });
  });

  test('that names no mail is shown on that citizen’s request', async () => {
    const request = await anOpenRequest();
    const report = aReport(request.acknowledgement, { status: '5.1.1', text: '550 User unknown', id: '' });
    expect(await after(report)).toEqual([]);
    expect(await actionsOn(request.id)).toEqual(['receive', 'automatic_mail']);
  });
});

describe('a machine', () => {
  test('that says the mail was read is shown, and never answered', async () => {
    const request = await anOpenRequest();
    expect(await after(aReadReceipt(request))).toEqual([]);
    expect(await actionsOn(request.id)).toEqual(['receive', 'automatic_mail']);
  });

  test.each(['Réponse automatique : Nid-de-poule', 'Absence du bureau'])('« %s » too', async (subject) => {
    const request = await anOpenRequest();
    expect(await after(await aReply(request.acknowledgement, request.citizen, 'Absente.', { subject }))).toEqual([]);
    expect(await actionsOn(request.id)).toEqual(['receive', 'automatic_mail']);
  });
});

describe('a mail that fell into an agent’s own mailbox', () => {
  const folder = join(import.meta.dirname, '../fixtures/emails/french');
  const forwards = readdirSync(folder)
    .filter((name) => /^forward-.*\.json$/.test(name))
    .map((name) => {
      const expected = JSON.parse(readFileSync(join(folder, name), 'utf8')) as Expected;
      return { name: name.replace('.json', ''), ...expected };
    });

  interface Expected {
    from: string;
    text: string;
    forwarded: { from: string; date?: string; subject?: string; text: string } | null;
  }

  // Jeanne forwarded it to the desk, the desk to the mailbox.
  test('a mail that two agents forwarded, one to the other, is the first sender’s', async () => {
    await after(fixture('french/forward-twice-by-two-agents'));
    const inbound = await lastInbound();
    expect((await stateOf(inbound.requestId ?? '')).citizenAddress).toBe('flore.misard@example.org');
    const note = await town.db.message.findFirst({ where: { requestId: inbound.requestId ?? '', kind: 'note' } });
    expect(plain(note?.text)).toBe('Je bascule dans Guichet. Pour vous je pense. Jeanne');
  });

  test.each(forwards.filter(({ name }) => name !== 'forward-twice-by-two-agents'))(
    '$name',
    async ({ name, from, text, forwarded }) => {
      const left = await after(fixture(`french/${name}`));
      const inbound = await lastInbound();
      if (forwarded === null) {
        expect(inbound).toMatchObject({ state: 'archived', verdict: 'forward_help', requestId: null });
        expect(recipients(left)).toEqual([from]);
        return;
      }
      expect(inbound).toMatchObject({ state: 'done', verdict: 'forward' });
      const request = await stateOf(inbound.requestId ?? '');
      expect(request.citizenAddress).toBe(forwarded.from);
      if (forwarded.date !== undefined) expect(request.receivedAt.toISOString()).toBe(forwarded.date);
      if (forwarded.subject !== undefined) expect(request.subject).toBe(forwarded.subject);
      const [first, ...notes] = await town.db.message.findMany({
        where: { requestId: request.id },
        orderBy: { id: 'asc' },
      });
      expect(plain(first?.text)).toBe(plain(forwarded.text));
      expect(notes.map((note) => [note.kind, note.authorAddress, plain(note.text)])).toEqual(
        text === '' ? [] : [['note', from, plain(text)]],
      );
      expect(recipients(left)).toContain(forwarded.from);
      expect(sentTo(left, forwarded.from)).toContain(request.reference);
      if (text !== '')
        expect(left.find(({ envelope }) => envelope.to.includes(forwarded.from))?.raw.toString()).not.toContain(text);
    },
  );

  test('forwarded as an attachment, by Jeanne Martin: its pieces are the citizen’s', async () => {
    const { citizen, address } = aCitizen();
    const inner = await aMail({ from: citizen, to: 'j.martin@plassans.fr', attachments: [aPhoto('trou.png')] });
    const left = await after(
      await aMail({
        from: JEANNE,
        subject: 'TR: Nid-de-poule',
        text: 'À traiter vite.',
        attachments: [{ filename: 'mail.eml', contentType: 'message/rfc822', content: inner }],
      }),
    );
    const request = await town.db.serviceRequest.findFirstOrThrow({ where: { citizenAddress: address } });
    const files = await town.db.attachment.findMany({ where: { message: { requestId: request.id } } });
    expect(files.map(({ fileName }) => fileName)).toEqual(['trou.png']);
    expect(recipients(left)).toContain(address);
    expect(await actionsOn(request.id)).toEqual(['receive', 'note']);
  });
});

describe('a web form', () => {
  test('opens the request of whoever filled it in, and acknowledges it to them', async () => {
    const { citizen, address } = aCitizen();
    const left = await after(await aMail({ from: 'Site <no-reply@plassans.fr>', replyTo: citizen }));
    expect(recipients(left)).toEqual([DESKS, address].toSorted());
    expect(await lastInbound()).toMatchObject({ verdict: 'new', fromAddress: address });
  });

  test('that names an agent in Reply-To makes nobody an agent', async () => {
    const request = await anOpenRequest();
    const left = await after(await aReply(request.told, 'Site <site@evil.example>', 'accepté', { replyTo: DESK }));
    expect(await stateOf(request.id)).toMatchObject({ status: 'new' });
    expect(recipients(left)).not.toContain(request.address);
  });
});

describe('a mail of ours as an attachment', () => {
  test('stays on the request, and is not sent to the citizen', async () => {
    const request = await anOpenRequest();
    const notice = { filename: 'notice.eml', contentType: 'message/rfc822', content: request.told.raw };
    const attachments = [notice, aPhoto('plan.png')];
    const left = await after(await aReply(request.told, DESK, 'Voici le plan.', { attachments }));
    expect(
      left.map(({ envelope, mail }) => [envelope.to[0], mail.attachments.map(({ filename }) => filename)]),
    ).toEqual([[request.address, ['plan.png']]]);
    const link = [...linksIn(request.told).values()][0] ?? 'none';
    expect(left[0]?.raw.toString()).not.toContain(link.slice(-40));
    const kept = await town.db.attachment.findMany({ where: { message: { requestId: request.id, kind: 'outbound' } } });
    expect(kept.map(({ fileName }) => fileName).toSorted()).toEqual(['notice.eml', 'plan.png']);
  });
});

describe('where the mail server’s word is asked for', () => {
  let strict: TestTown;
  beforeAll(async () => {
    strict = await startTown({
      at: '2026-04-13T08:00:00Z',
      change: (config) => ({ ...quick(config), authenticationServers: [SERVER] }),
    });
  });
  afterAll(() => strict?.stop());

  const says = (result: string) => ({ 'Authentication-Results': `${SERVER}; dmarc=${result} header.from=plassans.fr` });

  test('an agent whom it vouches for acts', async () => {
    const request = await anOpenRequest(strict);
    const headers = says('pass');
    const left = await afterIn(strict, await aReply(request.told, DESK, 'Nous passons demain.', { headers }));
    expect(recipients(left)).toEqual([request.address]);
  });

  test.each<[string, Record<string, string>]>([
    ['it says nothing', {}],
    ['it says forged', says('fail')],
    ['another server says that all is well', { 'Authentication-Results': 'evil.example; dmarc=pass' }],
  ])('when %s, nothing is relayed, and the agent is asked', async (_what, headers) => {
    const request = await anOpenRequest(strict);
    const left = await afterIn(strict, await aReply(request.told, VOIRIE, 'accepté', { headers, from: DESK }));
    expect(await actionsOn(request.id, strict)).toEqual(['receive']);
    expect(recipients(left)).toEqual([DESKS, DESKS]);
    expect(await lastInbound(strict)).toMatchObject({ verdict: 'unauthenticated', held: { suggestion: request.id } });
    const kinds = await strict.db.outboundEmail.findMany({ orderBy: { id: 'desc' }, take: 2 });
    expect(kinds.map(({ kind }) => kind).toSorted()).toEqual(['confirm_email', 'held_email']);
  });

  test('the agent says « c’est moi »: then it is applied', async () => {
    const request = await anOpenRequest(strict);
    await afterIn(strict, await aReply(request.told, DESK, 'Nous passons demain.'));
    const left = await ruled(strict, { as: 'mine', requestId: request.id });
    expect(recipients(left)).toEqual([request.address]);
    expect(await actionsOn(request.id, strict)).toEqual(['receive', 'message']);
  });
});

describe('a person’s word on a held mail', () => {
  async function heldFromStranger() {
    const request = await anOpenRequest();
    const stranger = aCitizen();
    await after(await aMail({ from: stranger.citizen, subject: `n° ${request.reference}`, text: 'Moi aussi.' }));
    return { request, stranger };
  }

  test('« of this request »: its words join it', async () => {
    const { request } = await heldFromStranger();
    const left = await ruled(town, { as: 'attach', requestId: request.id });
    expect(await actionsOn(request.id)).toEqual(['receive', 'third_party_message']);
    expect(recipients(left)).toEqual([DESKS]);
  });

  test('« a new request »: it opens, and is acknowledged', async () => {
    const { request, stranger } = await heldFromStranger();
    const left = await ruled(town, { as: 'new' });
    expect(recipients(left)).toEqual([DESKS, stranger.address].toSorted());
    expect(await actionsOn(request.id)).toEqual(['receive']);
  });
});

/** As the desk's page writes it. */
async function ruled(there: TestTown, ruling: object): Promise<SunkMail[]> {
  await there.quiet();
  there.smtp.clear();
  const { id } = await lastInbound(there);
  await there.db.inboundEmail.update({ where: { id, state: 'held' }, data: { state: 'stored', attempts: 0, ruling } });
  await there.quiet();
  return [...there.smtp.mails];
}

describe('robot against robot', () => {
  test('two towns that write to each other send two automatic mails each, at most', async () => {
    const other = await startTown({ at: '2026-04-13T08:00:00Z', change: inOther });
    try {
      town.smtp.onMail(async ({ envelope, raw }) => {
        if (/^mairie(\+.*)?@autre\.example$/.test(envelope.to[0] ?? '')) await other.write(raw);
      });
      other.smtp.onMail(async ({ envelope, raw }) => {
        if (/^mairie(\+.*)?@plassans\.fr$/.test(envelope.to[0] ?? '')) await town.write(raw);
      });
      await after(await aMail({ from: 'Mairie d’ailleurs <mairie@autre.example>', subject: 'Jumelage' }));
      await bothQuiet(other);
      const sent = town.smtp.mails.filter(({ envelope }) => envelope.to[0]?.endsWith('@autre.example'));
      const back = other.smtp.mails.filter(({ envelope }) => envelope.to[0]?.endsWith('@plassans.fr'));
      expect(sent.length).toBeLessThanOrEqual(2);
      expect(back.filter(({ envelope }) => envelope.to[0]?.startsWith('mairie')).length).toBeLessThanOrEqual(2);
    } finally {
      await other.stop();
    }
  });

  test.each<[string, (mail: SunkMail, from: string) => Promise<Buffer>]>([
    ['to where it is asked to', async (mail, from) => aReply(mail, from, 'Je suis en vacances.')],
    [
      'to the From, in a thread of its own',
      async (_mail, from) => aMail({ from, subject: 'Vacances', text: 'Absent.' }),
    ],
    [
      'to the From, with our subject',
      async (mail, from) => aMail({ from, subject: `Re: ${mail.mail.subject ?? ''}`, text: 'Absent.' }),
    ],
  ])('a vacation robot without any header, that answers %s, hears from us twice at most', async (_how, answer) => {
    const { citizen, address } = aCitizen();
    let answers = 0;
    town.smtp.onMail(async (mail) => {
      if (!mail.envelope.to.includes(address) || answers > 20) return;
      answers += 1;
      await town.write(await answer(mail, citizen));
    });
    await after(await aMail({ from: citizen }));
    for (let before = -1; before !== answers; ) {
      before = answers;
      await town.quiet();
    }
    expect(town.smtp.mailsTo(address).length).toBeLessThanOrEqual(2);
  });

  test('the desk’s own robot, on a closed request, is told twice that nothing was done', async () => {
    const request = await anOpenRequest();
    await after(await aReply(request.told, DESK, 'accepté'));
    town.smtp.clear();
    let answers = 0;
    town.smtp.onMail(async (mail) => {
      if (!mail.envelope.to.includes(DESKS) || !mail.mail.subject?.includes(request.reference) || answers > 20) return;
      answers += 1;
      await town.write(await aReply(mail, DESK, 'Nous sommes absents.'));
    });
    await town.write(await aReply(request.told, DESK, 'Nous sommes absents.'));
    for (let before = -1; before !== answers; ) {
      before = answers;
      await town.quiet();
    }
    expect(town.smtp.mailsTo(DESKS).length).toBeLessThanOrEqual(2);
  });

  /** It reads a mailbox on servers of its own; only its addresses differ. */
  function inOther(config: Config): Config {
    const desk = { ...config.town.desk, address: 'accueil@autre.example' };
    return { ...config, town: { ...config.town, name: 'Ailleurs', mailbox: 'mairie@autre.example', desk } };
  }

  async function bothQuiet(other: TestTown): Promise<void> {
    for (let round = 0; round < 3; round++) {
      await other.quiet();
      await town.quiet();
    }
  }
});

/** RFC 3464, as Postfix writes it, around a mail of ours. */
function aReport(
  { mail, envelope }: SunkMail,
  {
    status,
    text,
    action = 'failed',
    id = mail.messageId ?? '',
  }: { status: string; text: string; action?: string; id?: string },
): string {
  const [to] = envelope.to;
  const returned =
    id === '' ? [] : ['--r', 'Content-Type: text/rfc822-headers', '', `Message-ID: ${id}`, `To: ${to}`, ''];
  citizens += 1;
  return [
    'Return-Path: <>',
    'From: Mail Delivery System <MAILER-DAEMON@mx.example>',
    'To: mairie@plassans.fr',
    `Subject: ${action === 'delayed' ? 'Delayed Mail (still being retried)' : 'Undelivered Mail Returned to Sender'}`,
    `Message-ID: <report-${citizens}@mx.example>`,
    'Auto-Submitted: auto-replied',
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=delivery-status; boundary="r"',
    '',
    '--r',
    'Content-Type: text/plain; charset=us-ascii',
    '',
    `<${to}>: host mx.example said: ${text}`,
    '',
    '--r',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.example',
    '',
    `Final-Recipient: rfc822; ${to}`,
    `Action: ${action}`,
    `Status: ${status}`,
    `Diagnostic-Code: smtp; ${text}`,
    '',
    ...returned,
    '--r--',
    '',
  ].join('\r\n');
}

/** RFC 8098. */
function aReadReceipt({ acknowledgement, citizen, address }: Opened): string {
  const id = acknowledgement.mail.messageId ?? '';
  return [
    `From: ${citizen}`,
    `To: ${replyToOf(acknowledgement)}`,
    'Subject: Lu : Nid-de-poule',
    `Message-ID: <read-${address}>`,
    `In-Reply-To: ${id}`,
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=disposition-notification; boundary="r"',
    '',
    '--r',
    'Content-Type: text/plain; charset=utf-8',
    '',
    'Votre message a été lu.',
    '--r',
    'Content-Type: message/disposition-notification',
    '',
    `Final-Recipient: rfc822;${address}`,
    `Original-Message-ID: ${id}`,
    'Disposition: manual-action/MDN-sent-manually; displayed',
    '',
    '--r--',
    '',
  ].join('\r\n');
}

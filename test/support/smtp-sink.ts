import { once } from 'node:events';
import type { Socket } from 'node:net';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import { freePort } from './free-port.ts';
import { until } from './until.ts';

const HOST = '127.0.0.1';

export type SunkMail = {
  envelope: { from: string; to: string[] };
  raw: Buffer;
  mail: ParsedMail;
  /** From `performance.now()`: mails of one run are in order even if the clock is set. */
  since: number;
};

export type Wanted = { to: string; subject?: string | RegExp; since?: number };

export type SmtpSink = {
  host: string;
  port: number;
  /** Every mail accepted so far, in order of arrival. */
  mails: readonly SunkMail[];
  /** The first mail whose envelope names `to`, waiting for it if need be. The error lists what came instead. */
  requireMail(wanted: Wanted, timeoutMs?: number): Promise<SunkMail>;
  mailsTo(address: string): SunkMail[];
  clear(): void;
  /** Called once per accepted mail, before the client hears 250: the way back into an IMAP mailbox. */
  onMail(listener: (mail: SunkMail) => void | Promise<void>): void;
  /** RCPT TO this address ('*' for every address) gets this answer, until `accept`. */
  refuse(address: string, code: number, text: string): void;
  accept(address: string): void;
  /** Every mail gets this answer at this step, until `acceptAt`. Greeting: the connection then ends. */
  refuseAt(step: SinkStep, code: number, text: string): void;
  acceptAt(step: SinkStep): void;
  /** The next `times` mails are kept, but the connection is cut before the 250: the client cannot know. */
  dropAfterData(times: number): void;
  /** Nobody listens any more, and what was connected is cut. `up` listens on the same port. */
  down(): Promise<void>;
  up(): Promise<void>;
  isUp(): boolean;
  restart(): Promise<void>;
  stop(): Promise<void>;
};

/** `text`: after the final dot. */
export type SinkStep = 'greeting' | 'auth' | 'from' | 'text';

/** A real SMTP server on the loopback that keeps what it is given. Any user and password will do. */
export async function startSmtpSink(): Promise<SmtpSink> {
  const mails: SunkMail[] = [];
  const refusals = new Map<string, { code: number; text: string }>();
  const steps = new Map<SinkStep, { code: number; text: string }>();
  const listeners: ((mail: SunkMail) => void | Promise<void>)[] = [];
  const sockets = new Set<Socket>();
  let drops = 0;

  const refusalAt = (step: SinkStep) => errorOf(steps.get(step));

  async function receive(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<void> {
    const raw = Buffer.concat(await Array.fromAsync(stream as AsyncIterable<Buffer>));
    const refused = refusalAt('text');
    if (refused) throw refused;
    const mail: SunkMail = { envelope: envelopeOf(session), raw, mail: await parse(raw), since: performance.now() };
    mails.push(mail);
    for (const listener of listeners) await listener(mail);
    if (drops === 0) return;
    drops -= 1;
    for (const socket of sockets) if (socket.remotePort === session.remotePort) socket.destroy();
  }

  function createServer(): SMTPServer {
    const server = new SMTPServer({
      authOptional: true,
      allowInsecureAuth: true,
      disabledCommands: ['STARTTLS'],
      disableReverseLookup: true,
      closeTimeout: 0,
      logger: false,
      onConnect: (_session, answer) => answer(refusalAt('greeting')),
      onAuth: (auth, _session, answer) => answer(refusalAt('auth') ?? null, { user: auth.username ?? '' }),
      onMailFrom: (_address, _session, answer) => answer(refusalAt('from')),
      onRcptTo({ address }, _session, answer) {
        answer(errorOf(refusals.get(address.toLowerCase()) ?? refusals.get('*')));
      },
      onData(stream, session, answer) {
        receive(stream, session).then(
          () => answer(),
          (failure: Error) => answer(failure),
        );
      },
    });
    // A client that is cut or gives up is what the tests are about, not a failure of the sink.
    server.on('error', () => undefined);
    server.server.on('connection', (socket) => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    });
    return server;
  }

  async function listen(): Promise<SMTPServer> {
    const server = createServer();
    server.listen(port, HOST);
    await once(server.server, 'listening');
    return server;
  }

  const port = await freePort();
  let server: SMTPServer | null = await listen();

  const sink: SmtpSink = {
    host: HOST,
    port,
    mails,
    requireMail: (wanted, timeoutMs = 10_000) => requireMail(mails, wanted, timeoutMs),
    mailsTo: (address) => mails.filter((mail) => isTo(mail, address)),
    clear() {
      mails.length = 0;
    },
    onMail(listener) {
      listeners.push(listener);
    },
    refuse(address, code, text) {
      refusals.set(address.toLowerCase(), { code, text });
    },
    accept(address) {
      refusals.delete(address.toLowerCase());
    },
    refuseAt(step, code, text) {
      steps.set(step, { code, text });
    },
    acceptAt(step) {
      steps.delete(step);
    },
    dropAfterData(times) {
      drops = times;
    },
    async down() {
      if (server === null) return;
      const closing = server;
      server = null;
      const closed = new Promise<void>((resolve) => closing.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
    async up() {
      server ??= await listen();
    },
    isUp: () => server !== null,
    async restart() {
      await sink.down();
      await sink.up();
    },
    stop: () => sink.down(),
  };
  return sink;
}

function errorOf(refusal: { code: number; text: string } | undefined): Error | undefined {
  return refusal && Object.assign(new Error(refusal.text), { responseCode: refusal.code });
}

async function requireMail(mails: SunkMail[], wanted: Wanted, timeoutMs: number): Promise<SunkMail> {
  try {
    return await until('the mail', timeoutMs, () => mails.find((mail) => fits(mail, wanted)));
  } catch {
    const came = mails.map(({ envelope, mail }) => `  ${envelope.to.join(', ')}: ${mail.subject ?? ''}`).join('\n');
    const subject = wanted.subject === undefined ? '' : ` with the subject ${wanted.subject}`;
    throw new Error(`no mail to ${wanted.to}${subject} within ${timeoutMs} ms; what came:\n${came || '  nothing'}`);
  }
}

function fits(sunk: SunkMail, { to, subject, since }: Wanted): boolean {
  if (!isTo(sunk, to) || (since !== undefined && sunk.since < since)) return false;
  const said = sunk.mail.subject ?? '';
  if (subject === undefined) return true;
  return typeof subject === 'string' ? said.includes(subject) : subject.test(said);
}

function isTo({ envelope }: SunkMail, address: string): boolean {
  return envelope.to.some((to) => to.toLowerCase() === address.toLowerCase());
}

function envelopeOf({ envelope: { mailFrom, rcptTo } }: SMTPServerSession): SunkMail['envelope'] {
  return { from: mailFrom === false ? '' : mailFrom.address, to: rcptTo.map(({ address }) => address) };
}

// The conversions would invent parts that the mail does not have, and the tests are about what was sent.
async function parse(raw: Buffer): Promise<ParsedMail> {
  return simpleParser(raw, { skipHtmlToText: true, skipTextToHtml: true, skipTextLinks: true, skipImageLinks: true });
}

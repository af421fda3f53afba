/** What a mail that did not leave means, by where in the conversation it failed and by the reply (RFC 5321 §4.2, §4.5.3.1). */

/**
 * `ours`: any other mail would have failed too, so that it costs this one nothing. `later`: the recipient's server asks to
 * come again. `never`: it refused this mail, or this address, for good.
 */
export type Fate = 'ours' | 'later' | 'never';

export interface SendFailure {
  fate: Fate;
  /** Ours, and this mail may have left, or may itself be what the server stumbled over: others are tried before it. */
  isDoubtful: boolean;
  /** The server said something of it, so that it is there. */
  isAnswered: boolean;
  /** The server's words, or ours; it may hold an address. */
  answer: string;
}

/** First match wins. */
const ROWS: readonly { what: string; fate: Fate; isDoubtful?: true; isIt(failure: Sign): boolean }[] = [
  { what: 'no mail program to speak to: refused, unreachable, a disk', fate: 'ours', isIt: isNeverReached },
  { what: 'no such host, no TLS, no login', fate: 'ours', isIt: ({ code }) => BEFORE_MAIL.has(code) },
  {
    what: 'the greeting, EHLO',
    fate: 'ours',
    isIt: ({ code, step }) => code === 'EPROTOCOL' || BEFORE_STEPS.test(step),
  },
  { what: '421: closing, whoever asks', fate: 'ours', isDoubtful: true, isIt: ({ reply }) => reply === 421 },
  { what: '530: log in, or use TLS, first', fate: 'ours', isIt: ({ reply }) => reply === 530 },
  {
    what: 'too big, said early (RFC 1870)',
    fate: 'never',
    isIt: ({ step, words }) => step === MAIL && TOO_BIG.test(words),
  },
  {
    what: 'our own address: refused, or out of disk',
    fate: 'ours',
    isIt: ({ step, reply }) => step === MAIL && reply > 0,
  },
  {
    what: 'the connection was closed with a word',
    fate: 'ours',
    isDoubtful: true,
    isIt: ({ step, reply }) => step === 'CONN' && reply > 0,
  },
  {
    what: 'relaying denied: our login',
    fate: 'ours',
    isDoubtful: true,
    isIt: ({ reply, words }) => reply >= 500 && RELAY.test(words),
  },
  { what: 'the recipient or the text, for now', fate: 'later', isIt: ({ reply }) => reply >= 400 && reply < 500 },
  { what: 'the recipient or the text, for good', fate: 'never', isIt: ({ reply }) => reply >= 500 },
  {
    what: 'no server would take such an envelope',
    fate: 'never',
    isIt: ({ code }) => code === 'EENVELOPE' || code === 'EMESSAGE',
  },
  { what: 'the connection was lost', fate: 'ours', isDoubtful: true, isIt: ({ code }) => LOST.has(code) },
  { what: 'it cannot be written: a fault of ours in this mail alone', fate: 'later', isIt: () => true },
];

export function classifyFailure(error: unknown): SendFailure {
  const sign = signOf(error as SmtpError);
  const { fate, isDoubtful = false } = ROWS.find(({ isIt }) => isIt(sign)) ?? { fate: 'later' as const };
  return { fate, isDoubtful, isAnswered: sign.reply > 0, answer: sign.words.slice(0, 500) };
}

interface Sign {
  /** nodemailer's. */
  code: string;
  /** The operating system's, or which timeout it was. */
  system: string;
  /** The command that was answered. */
  step: string;
  /** Of the server; 0 when it said nothing. */
  reply: number;
  words: string;
}

interface SmtpError {
  code?: string;
  originalCode?: string;
  /** CONNECT_TIMEOUT, GREETING_TIMEOUT, UPGRADE_TIMEOUT or SOCKET_TIMEOUT. */
  timeoutType?: string;
  syscall?: string;
  command?: string;
  responseCode?: number;
  response?: string;
  message?: string;
}

function signOf(error: SmtpError): Sign {
  const { code = '', originalCode, timeoutType, syscall, command = '', responseCode, response, message } = error;
  const system = originalCode ?? timeoutType ?? (syscall === undefined ? '' : code);
  return { code, system, step: command, reply: responseCode ?? 0, words: response ?? message ?? 'no answer' };
}

/** The file system's codes too: a dry run whose disk is full is no fault of the mail. */
function isNeverReached({ system, reply }: Sign): boolean {
  return reply === 0 && system !== '' && !MID_WAY.has(system);
}

const MAIL = 'MAIL FROM';
const BEFORE_STEPS = /^(?:EHLO|HELO|STARTTLS|AUTH\b.*)$/;
const BEFORE_MAIL = new Set(['EDNS', 'ETLS', 'EREQUIRETLS', 'EAUTH', 'ENOAUTH', 'EOAUTH2', 'EPROXY', 'ECONFIG']);
const LOST = new Set(['ECONNECTION', 'ETIMEDOUT', 'ESOCKET', 'EPROTOCOL', 'EMAXLIMIT']);
/** A connection that stood. */
const MID_WAY = new Set(['ECONNRESET', 'EPIPE', 'SOCKET_TIMEOUT']);
const TOO_BIG = /^552[ -].*(?:5\.3\.4|\bsize\b|too (?:big|large))/i;
const RELAY = /\brelay(?:ing)?\b.{0,40}\b(?:denied|not|prohibited|rejected)|unable to relay/i;

import {
  MailParser,
  type Attachment,
  type AttachmentStream,
  type Headers,
  type MessageText,
  type ParsedMail,
} from 'mailparser';
import {
  decodeGuessed,
  decodeGuessedHtml,
  guessingStream,
  isLatin1,
  saysNothing,
  withReadableHeaders,
} from './charset.ts';

/** The only door to mailparser: MIME, and letters of any charset, to plain values. */

export type MimeMail = Pick<
  ParsedMail,
  'messageId' | 'subject' | 'from' | 'to' | 'cc' | 'replyTo' | 'headerLines' | 'text' | 'html' | 'attachments'
>;
export type MimeFile = Attachment;

/** mailparser's own conversions cost a factor of four and overflow the stack on deep HTML. */
const OPTIONS = {
  skipHtmlToText: true,
  skipTextToHtml: true,
  skipImageLinks: true,
  skipTextLinks: true,
  keepDeliveryStatus: true,
  /** Its splitter's: a mail attached « inline », as Apple Mail does, is a piece of its own, not words of whoever sends it. */
  ignoreEmbedded: true,
} as const;

/** @throws when the parser gives up */
export function readMime(raw: Buffer): Promise<MimeMail> {
  return new Promise((resolve, reject) => {
    const parser = new MailParser(OPTIONS);
    guessCharsets(parser as unknown as Internals);
    const mail: MimeMail = { headerLines: [], html: false, attachments: [] };
    parser.on('error', reject);
    parser.on('headers', (headers) => Object.assign(mail, fieldsOf(headers, parser as unknown as Internals)));
    parser.on('data', (part: AttachmentStream | MessageText) => {
      if (part.type === 'text') {
        if (part.text !== undefined) mail.text = part.text;
        if (typeof part.html === 'string') mail.html = part.html;
      } else {
        keepWhole(part, mail.attachments);
      }
    });
    parser.on('end', () => resolve(mail));
    parser.end(withReadableHeaders(raw));
  });
}

function fieldsOf(headers: Headers, { headerLines }: Internals): Partial<MimeMail> {
  const fields = Object.entries({
    messageId: 'message-id',
    subject: 'subject',
    from: 'from',
    to: 'to',
    cc: 'cc',
    replyTo: 'reply-to',
  });
  const values = fields.flatMap(([name, key]) => (headers.has(key) ? [[name, headers.get(key)]] : []));
  return { ...Object.fromEntries(values), headerLines };
}

function keepWhole(part: AttachmentStream, attachments: Attachment[]): void {
  const chunks: Buffer[] = [];
  const kept = { ...part, content: Buffer.alloc(0), related: part.related ?? false } satisfies Attachment;
  attachments.push(kept);
  part.content.on('data', (chunk: Buffer) => chunks.push(chunk));
  part.content.on('end', () => {
    kept.content = Buffer.concat(chunks);
    part.release();
  });
}

/** Not in its documentation: checked by the tests of charsets. */
interface Internals {
  headerLines: ParsedMail['headerLines'];
  createNode(node: unknown): { isAttachment?: boolean; contentType: string; charset?: string };
  decoder: { decodeStream(charset: string): NodeJS.ReadWriteStream };
}

const GUESS = { 'text/plain': 'x-guess', 'text/html': 'x-guess-html' } as const;

function guessCharsets(parser: Internals): void {
  const createNode = parser.createNode.bind(parser);
  const { decodeStream } = parser.decoder;
  parser.createNode = (source) => {
    const node = createNode(source);
    const label = node.charset ?? '';
    if (saysNothing(label)) node.charset = node.contentType === 'text/html' ? GUESS['text/html'] : GUESS['text/plain'];
    else if (isLatin1(label)) node.charset = 'windows-1252';
    return node;
  };
  parser.decoder = {
    decodeStream(charset) {
      if (charset === GUESS['text/html']) return guessingStream(decodeGuessedHtml);
      if (charset === GUESS['text/plain']) return guessingStream(decodeGuessed);
      try {
        return decodeStream(charset);
      } catch {
        return guessingStream(decodeGuessed);
      }
    },
  };
}

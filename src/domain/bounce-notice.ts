/** A text report is a notice for humans, then the mail that came back, in full or in part. */
export interface BounceNotice {
  notice: readonly string[];
  /** From the first line of the returned mail on; empty when none was found. */
  returned: readonly string[];
}

export function splitNotice(text: string): BounceNotice {
  const lines = text.split(/\r\n|\r|\n/);
  const end = lines.findIndex((line, index) => isReturnedMail(line, lines[index + 1] ?? ''));
  if (end === -1) return { notice: lines.slice(0, MAX_NOTICE_LINES), returned: [] };
  return { notice: lines.slice(0, Math.min(end, MAX_NOTICE_LINES)), returned: lines.slice(end) };
}

/** The first Message-ID of a header block, where `>` may stand before each line. */
export function messageIdOf(lines: readonly string[]): string {
  for (const [index, line] of lines.entries()) {
    if (!MESSAGE_ID.test(line)) continue;
    const value = /<[^<>\s]{1,500}>/.exec(line.slice(0, 1_000)) ?? /<[^<>\s]{1,500}>/.exec(lines[index + 1] ?? '');
    if (value !== null) return value[0];
  }
  return '';
}

/** A report of a hundred thousand recipients tells nothing more than one of a thousand. */
const MAX_NOTICE_LINES = 2_000;

const MESSAGE_ID = /^[\s>|*]*(?:x-)?(?:original-)?message-id(?:entif\w*)?\s*:/i;

function isReturnedMail(line: string, next: string): boolean {
  const words = line.slice(0, 300);
  if (
    /^(?:> ?)*(?:received: (?:from|by|\(|via|for)|return-path: ?<|content-type: (?:message\/rfc822|text\/rfc822-headers))/i.test(
      words,
    )
  )
    return true;
  if (/^[\s>]*x-[a-z-]{3,40}: /i.test(words) && /^[\s>]*(?:received|return-path|x-[a-z-]{3,40}): /i.test(next))
    return true;
  return RULED.test(words) || SENTENCE.test(words);
}

/** Not sendmail's first line, « The original message was received at … ». */
const SENTENCE =
  /^[\s>*|#=_+~-]*(?:(?:this|here|included|attached|attachment|enclosed|below)\b.{0,40}\bcop(?:y|ies) of|a copy of (?:the|your) |below (?:this|the next) line|(?:the )?(?:original|returned|undelivered|unsent|non-delivered) (?:message|mail|e-?mail|header)s?\b.{0,30}(?:follow|below|attached|\(|:\s*$|[-=*#]{2})|the (?:header|first \d+ lines)\b|(?:message|mail) (?:header|text|body|content)s?\b.{0,20}follow|header of the|your message reads|a summary of the undelivered message|message d['’]origine|message original|(?:voici |ci-(?:joint|dessous|après) ?,? ?)?(?:une )?copie d[ue] (?:votre |message)|les? en-?t[êe]tes? (?:du|de votre) message|mensaje original|urspr[uü]ngliche nachricht|messaggio originale|mensagem original|le message (?:original|d['’]origine|initial))/i;

/** `----- Unsent message below -----`, `--- Original message ---`, `|--- Message text follows ---|`. */
const RULED =
  /^[\s|]*[-=*_#~]{2,}[\s|]*(?:start of )?(?:this is |below |the |start |begin(?:ning)? (?:of )?)?(?:(?:a )?copy|header|original|returned|unsent|undelivered|message (?:header|text|body)|mail (?:header|text)|forwarded|message d['’]origine|message (?:original|initial|retourné)|en-t[êe]te)/i;

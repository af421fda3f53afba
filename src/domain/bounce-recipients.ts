import { addressesIn, isPostmaster } from './bounce-address.ts';

/** An address that a text report names, and what is said about it. */
export interface NamedRecipient {
  recipient: string;
  diagnostic: string;
}

/**
 * The recipients in a report written for humans. Servers put an address first on its line, or behind a label; only
 * where none does are the sentences read, and only then the lines that repeat the returned mail's To.
 */
export function namedRecipients(notice: readonly string[], own: ReadonlySet<string>): NamedRecipient[] {
  const isOther = (address: string) => !isPostmaster(address) && !own.has(address);
  // Collapsed, so that no pattern can be made to walk through blanks twice.
  const lines = notice.map((line) => line.slice(0, 500).replace(/\s+/g, ' '));
  for (const find of [onOwnLine, inSentence, anywhere, afterTo]) {
    const found = collect(lines, find, isOther);
    if (found.length > 0) return found;
  }
  // Some write to the failed address itself.
  return collect(lines, onOwnLine, (address) => own.has(address));
}

/** AOL names mailboxes of its own without a domain: `screenname`, alone below « the following recipients … : ». */
export function namedLocally(notice: readonly string[], domain: string): NamedRecipient[] {
  const start = notice.findIndex((line) => /(?:recipients?|address(?:es)?|destinataires?)\b/i.test(line));
  if (start === -1 || domain === '') return [];
  return notice
    .slice(start + 1, start + 20)
    .map((line) => /^\s+([A-Za-z][\w.+-]{1,63})\s*$/.exec(line)?.[1] ?? '')
    .filter((name) => name !== '')
    .map((name) => ({ recipient: `${name.toLowerCase()}@${domain}`, diagnostic: joined(notice, start, 6) }));
}

type Find = (line: string, before: string) => readonly string[];

function collect(lines: readonly string[], find: Find, isOther: (address: string) => boolean): NamedRecipient[] {
  const found = new Map<string, string>();
  let last = '';
  for (const [index, line] of lines.entries()) {
    const before = lines[index - 1] ?? '';
    if (!line.includes('@') || isAboutHelp(line, before)) continue;
    // An alias is named after what it led to: the address that we had written to is the second.
    const alias = EXPANDED.test(`${before.slice(-40)} ${line}`)
      ? addressesIn(line).findLast((address) => isOther(address))
      : undefined;
    const addresses = alias === undefined ? find(line, before).filter(isOther) : [alias];
    if (alias !== undefined && alias !== last && EXPANDED_AFTER.test(line)) found.delete(last);
    for (const address of addresses) {
      if (!found.has(address)) found.set(address, joined(lines, index, 12));
      last = address;
    }
  }
  return [...found].map(([recipient, diagnostic]) => ({ recipient, diagnostic }));
}

/** `<jean@x.fr>: host said …`, `* jean@x.fr`, `jean@x.fr on Fri, …`, `"Jean" <jean@x.fr>`, `Unknown user: jean@x.fr`. */
function onOwnLine(line: string): readonly string[] {
  if (FIELD.test(line)) return [];
  return STARTS.test(line) || LABELLED.test(line) ? addressesIn(line).slice(0, 1) : [];
}

function inSentence(line: string, before: string): readonly string[] {
  if (FIELD.test(line)) return [];
  return SENTENCE.test(`${before.slice(-80)} ${line}`) ? addressesIn(line) : [];
}

function anywhere(line: string): readonly string[] {
  return FIELD.test(line) ? [] : addressesIn(line);
}

function afterTo(line: string): readonly string[] {
  return /^[\s>*|]*(?:to|à|an|para|a)\s*:/i.test(line) ? addressesIn(line) : [];
}

const ADDRESS_START = String.raw`<?['"]?[^\s<>"(),:;[\]\\@]{1,64}@[^\s@]{3,}`;
const STARTS = new RegExp(
  String.raw`^[\s>*|•·–—"'“«(\[-]*(?:rfc822;|smtp:|mailto:|\d{1,3}[.)] )?\s*${ADDRESS_START}(?:\s|$|[>:;,)\]"'.-])|^\s*"[^"]{1,80}" ?<${ADDRESS_START}|^\s*[^<>()@:]{1,80} (?:<|\((?:mailto:)?)${ADDRESS_START}[>)]\s*(?:$|<|:|\()|^[a-z]=[^@]{1,200};(?:dda:)?smtp=`,
  'i',
);
const LABELLED =
  /^\W*(?:(?:failed|final|original|originally|intended|invalid|affected|rejected|undeliverable|undelivered|unknown|bad|was|local|error|users?['’]s|delivery|votre|your|l['’]?|le|la|adresse|address|email|e-mail|mail)[ -]?)*(?:recipients?|address(?:ed|e)?|users?|userid|mailbox(?: is full)?|account|to|for|destinataires?|adresses?|utilisateur|attempts|failed \d+ attempts|empf[aä]e?nger|destinatari[oa]s?|mottagare|ontvanger)(?:\(e?s\))?(?: ?address| to| e-?mail)?\s*[:=]\s*\W{0,6}\S{1,80}@|^\s*(?:undeliverable +to|delivery failed \d+ attempts:|no such user|unknown (?:local )?user|user unknown|unknown recipient)\W{0,4}\S{1,80}@|\((?:originally|was) addressed to |user's mailbox is full:/i;
const EXPANDED =
  /(?:expanded from|generated (?:from|by)|originally addressed to|was addressed to|original address)\W{0,4}\S{0,80}@/i;
const EXPANDED_AFTER = /(?:expanded|generated|original|was addressed)|^\s+</i;

const SENTENCE =
  /(?:addressed,?(?: to)?|message (?:sent )?to|mail to|e-?mail to|deliver\w* to|sent to|for|to|user|mailbox|account|recipient|votre (?:message|courriel|mail)|destin[ée]\w*(?: [àa])?|adresse|remis\w* [àa]|[àa]|pour|an|für|para|al?)\W{1,6}\S{1,80}@/i;

/** Repeats of the returned mail's header, and of the dialogue that carried our own address. */
const FIELD =
  /^[\s>*|]*(?:from|de|von|sender|reply-to|return-path|envelope-\w+|exp[ée]diteur|x-[\w-]+|date|received|message-?id|id|cc|copie|to|à|an|subject|objet|betreff|references|in-reply-to|mail from|sent|list-\w+|errors-to|delivered-to)\s*:|mail from:|^\s*(?:by|with|id) |message-?id|received[: ]|\benvelope-(?:from|sender)|from sender/i;

/** « please contact postmaster@… », « pour toute question : … » (the line before may carry the words). */
function isAboutHelp(line: string, before: string): boolean {
  return (
    HELP.test(line) ||
    (/(?:contact|reply to|write to|send mail to|[ée]crire à|adress(?:er|ez) à)\s*$/i.test(before.trim()) &&
      !/:\s*$/.test(before))
  );
}

const HELP =
  /\b(?:please|to) (?:contact|reply|write|send|e-?mail|forward)\b|contact(?:ez|er)?\b|assistance|\bquestions?\b|\bsupport\b|further information|try (?:sending|e-?mailing)|if you (?:feel|think|believe)|not accepting mail from|for help|pour toute|en cas de|veuillez (?:contacter|[ée]crire)|service client/i;

/** A diagnostic goes on until a second empty line or the next address. */
function joined(lines: readonly string[], start: number, count: number): string {
  const said: string[] = [];
  const [about] = addressesIn(lines[start] ?? '');
  let blanks = 0;
  for (const line of lines.slice(start, start + count)) {
    const words = line.trim();
    if (words === '') blanks += 1;
    if (blanks > 1 || (said.length > 0 && STARTS.test(line) && addressesIn(line)[0] !== about)) break;
    if (words !== '') said.push(words);
  }
  return said.join(' ').slice(0, 1_000);
}

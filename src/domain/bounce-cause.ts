export type BounceCause = 'unknown_address' | 'mailbox_full' | 'refused' | 'unreachable' | 'other';

/** Why a mail did not arrive, by the words first where they are certain, then by the code (RFC 3463 §3). */
export function bounceCause(status: string, diagnostic: string): BounceCause {
  const words = diagnostic.slice(0, 2_000);
  if (MAILBOX_FULL.test(words) && !SENDING_QUOTA.test(words)) return 'mailbox_full';
  const detail = status.slice(2);
  return (
    BY_CODE[detail] ?? BY_WORDS.find(([pattern]) => pattern.test(words))?.[1] ?? BY_SUBJECT[detail[0] ?? ''] ?? 'other'
  );
}

/**
 * The most precise RFC 3463 code: servers write 5.0.0 beside « 550 5.1.1 User unknown ».
 * '' when nothing tells; class.0.0 when only an SMTP reply does.
 */
export function bounceStatus(status: string, diagnostic: string): string {
  const words = diagnostic.slice(0, 2_000);
  const found = ENHANCED.exec(words)?.[1] ?? '';
  if (status !== '' && !(status.endsWith('.0.0') && found.startsWith(status.slice(0, 1)))) return status;
  if (found !== '') return found;
  const reply = REPLY.exec(words)?.[1] ?? '';
  return status || (reply === '' ? '' : `${reply[0]}.0.0`);
}

/**
 * Nobody will ever read mail there: permanent, and neither a full mailbox, which has an owner, nor a refusal of the mail.
 * RFC 3463 §3: class 4 is transient, whatever the server then decided.
 */
export function isDeadAddress(status: string, cause: BounceCause): boolean {
  return !status.startsWith('4') && (cause === 'unknown_address' || cause === 'other');
}

/** Not a part of an IP address or of a version. */
const ENHANCED = /(?<![\d.])([245]\.\d{1,2}\.\d{1,3})(?![.\d]*\d)/;
const REPLY = /(?:^|[\s:<"'([])([45][0-5]\d)(?=[\s:-])/;

const MAILBOX_FULL =
  /quota|(?:mailbox|mailfolder|inbox|mail box|account|maildrop)\b.{0,40}\b(?:is |was )?(?:over)?full\b|full mailbox|(?:insufficient|not enough|out of) (?:system |disk |mail)?(?:storage|space)|space not enough|exceeded .{0,20}storage|too much mail|mailbox .{0,30}(?:size limit|exceed)|bo[iî]te .{0,60}(?:pleine|satur)|espace .{0,30}(?:insuffisant|satur|dépass)|(?:buz[oó]n|casilla) .{0,20}llen|postfach .{0,30}voll|casella .{0,20}piena|caixa .{0,20}cheia/i;
const SENDING_QUOTA = /(?:daily|hourly|sending|sender|envoi).{0,20}quota|quota .{0,20}(?:d['’]envoi|sending)/i;

const UNKNOWN =
  /(?:user|recipient|mailbox|address(?:ee)?|account|destination|username|login|person)\b.{0,40}\b(?:unknown|not? (?:be )?(?:found|listed|known|recogni[sz]ed|valid|active|exist)|not a valid|invalid|does ?n['o]t exist|no longer (?:exists|valid|active|available|in use)|disabled|discontinued|deactivated|suspended|inactive|unavailable|terminated|deleted|rejected)|(?:unknown|invalid|bad|illegal|non-?existent|no such|no valid|inactive|undefined|disabled) (?:or illegal |local |remote |email |e-mail |mail |destination |final delivery |virtual )?(?:user|recipient|mailbox|address|account|person|host|domain|name|alias)|no (?:mailbox|account|user)\b.{0,20}\b(?:here|by that name|with)|(?:does ?n['o]t|did ?n['o]t|not) (?:exist|have an? .{0,40}account|exactly match|like recipient)|not listed in|not our customer|no longer (?:works|employed|with us|on server)|unrout(?:e)?able|no (?:matches|mx|a record)|(?:host|domain|name|system)\b.{0,30}\b(?:not found|unknown|does not exist|unresolvable)(?!.{0,5}try again)|nxdomain|name or service not known|user_?not_?found|email delivery point|adresse.{0,80}(?:inconnue|n['’]existe|invalide|erron|inexistant|désactivée|introuvable|incorrecte)|(?:destinataire|utilisateur|usager|abonné|compte|client).{0,40}(?:inconnu|introuvable|inexistant|n['’]existe|non recens|désactivé|résilié|suspendu|fermé|invalide)|(?:empf[aä]e?nger|benutzer|adresse).{0,40}(?:unbekannt|existiert nicht|ungültig)|usuario (?:desconocido|inexistente)|utente (?:sconosciuto|inesistente)/i;
const REFUSED =
  /spam|block(?:ed|list)|blacklist|black list|listed (?:at|by|in)|polic[yi]|denied|(?<!connection )refus|reject|not (?:be )?accept|prohibited|not (?:allowed|authori[sz]ed|permitted)|unauthori[sz]ed|unsolicited|dmarc|spf\b|dkim|too (?:large|big)|size (?:limit|exceed)|exceeded .{0,20}(?:message )?size|maximum .{0,20}size|relay(?:ing)? (?:access )?(?:is )?(?:denied|not|prohibited)|unable to relay|virus|malware|reputation|bann?ed|trop (?:gros|volumineu)|taille maximale|indésirable|interdit|bloqué/i;
const UNREACHABLE =
  /time[d ]?-?out|timeout|connection (?:refused|reset|lost|closed|dropped|failed)|(?:could ?n['o]t|cannot|can['’]t|unable to|wasn['’]t able to|not able to) (?:connect|establish|contact|reach)|connect to .{0,80}:|no answer|not (?:reachable|responding|respond)|did not respond|unreachable|retry (?:time|limit)|too (?:many hops|long)|loop|try again|again later|temporar|greylist|delay|max(?:imum)? .{0,20}(?:attempts|time)|\d+ attempts|expired|network|injoignable|délai|host .{0,60}(?:down|unavailable)/i;

const BY_WORDS: readonly (readonly [RegExp, BounceCause])[] = [
  [UNKNOWN, 'unknown_address'],
  [REFUSED, 'refused'],
  [UNREACHABLE, 'unreachable'],
];

/** RFC 3463 §3.2–3.8, by subject.detail. A domain that does not exist (1.2, 4.4 aside) is a dead address: often a typo. */
const BY_CODE: Readonly<Record<string, BounceCause>> = {
  '1.1': 'unknown_address',
  '1.2': 'unknown_address',
  '1.3': 'unknown_address',
  '1.6': 'unknown_address',
  '1.10': 'unknown_address',
  '2.1': 'unknown_address',
  '2.2': 'mailbox_full',
  '2.3': 'refused',
  '3.4': 'refused',
  '4.1': 'unreachable',
  '4.2': 'unreachable',
  '4.7': 'unreachable',
};

const BY_SUBJECT: Readonly<Record<string, BounceCause>> = {
  1: 'unknown_address',
  4: 'unreachable',
  6: 'refused',
  7: 'refused',
};

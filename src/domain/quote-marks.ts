/** What mail programs write around an answer, as data: words to recognise, never sentences we send. */

/** First line of every mail we send that can be answered: from here on, a reply holds our words, not the person's. */
export const REPLY_MARKER = '— Merci de répondre au-dessus de cette ligne —';

/** Last words of the line above a quotation: « Le … a écrit : ». Lower case. */
export const WROTE = [
  'a écrit',
  'a ecrit',
  'avez écrit',
  'wrote',
  'writes',
  'schrieb',
  'geschrieben',
  'geschreven',
  'schreef',
  'ha scritto',
  'scrive',
  'escribió',
  'escribio',
  'va escriure',
  'ha escrit',
  'escreveu',
  'skrev',
  'skrifaði',
  'napisał',
  'napisała',
  'napisał(a)',
  'napisal(a)',
  'napsal',
  'napsal(a)',
  'написал',
  'написала',
  'написал(а)',
  'пишет',
  'пише',
  'написав',
  'kirjoitti',
  'írta',
  'a scris',
  'yazdı',
  'έγραψε',
  '写道',
  '寫道',
  'のメール',
] as const;

/** The same verbs where the language puts them before the name: « Am … schrieb X: », « X a écrit le …: ». */
export const WROTE_BEFORE_NAME = [
  ' schrieb ',
  ' schreef ',
  ' skrev ',
  ' a écrit le ',
  ' wrote on ',
  ' escribió el ',
] as const;

/** How webmails of the Horde family begin that line: « Selon X <x@y>: ». */
export const QUOTING = ['selon ', 'citant ', 'citation de ', 'en réponse à ', 'quoting ', 'zitat von '] as const;

/** Lines between dashes that announce the earlier message; compared by their letters alone. */
export const ORIGINAL_MESSAGE = [
  "Message d'origine",
  'Message original',
  'Message initial',
  'Message précédent',
  'Mail original',
  "Mail d'origine",
  "E-mail d'origine",
  'E-mail original',
  'Courriel original',
  'Message transféré',
  'Message réexpédié',
  'Mail transféré',
  "Rendez-vous d'origine",
  'Original Message',
  'Original mail',
  'Original appointment',
  'Reply message',
  'Forwarded message',
  'Ursprüngliche Nachricht',
  'Originalnachricht',
  'Original-Nachricht',
  'Weitergeleitete Nachricht',
  'Mensaje original',
  'Mensaje reenviado',
  'Mensagem original',
  'Messaggio originale',
  'Messaggio inoltrato',
  'Oorspronkelijk bericht',
  'Doorgestuurd bericht',
  'Oprindelig besked',
  'Opprinnelig melding',
  'Ursprungligt meddelande',
  'Wiadomość oryginalna',
  'Исходное сообщение',
] as const;

/** The same without dashes, ended by a colon: Apple's forwards. */
export const FORWARD_BEGINS = [
  'Début du message transféré',
  'Début du message réexpédié',
  'Begin forwarded message',
  'Anfang der weitergeleiteten Nachricht',
  'Inicio del mensaje reenviado',
  'Início da mensagem encaminhada',
  'Inizio messaggio inoltrato',
  'Begin doorgestuurd bericht',
] as const;

export type HeaderKind = 'from' | 'date' | 'to' | 'copy' | 'subject' | 'other';

/** Names of the header lines that programs copy above an earlier message, lower case, without the colon. */
export const HEADER_NAMES = {
  from: ['de', 'from', 'von', 'van', 'da', 'fra', 'från', 'od', 'expéditeur', 'lähettäjä', 'feladó', 'от', 'от кого'],
  date: [
    'date',
    'envoyé',
    'envoyé le',
    'envoye',
    "date d'envoi",
    'message du',
    'reçu le',
    'sent',
    'gesendet',
    'gesendet am',
    'datum',
    'data',
    'inviato',
    'verzonden',
    'enviado',
    'enviado el',
    'enviado em',
    'fecha',
    'dato',
    'sendt',
    'skickat',
    'wysłano',
    'lähetetty',
    'päivämäärä',
    'elküldve',
    'дата',
    'отправлено',
  ],
  to: [
    'à',
    'a',
    'pour',
    'destinataire',
    'to',
    'an',
    'aan',
    'para',
    'til',
    'till',
    'do',
    'vastaanottaja',
    'címzett',
    'кому',
  ],
  copy: ['cc', 'cci', 'bcc', 'copie à', 'copie', 'copie cachée', 'kopie', 'kopi', 'kopia', 'копия'],
  subject: [
    'objet',
    'sujet',
    'subject',
    'betreff',
    'onderwerp',
    'oggetto',
    'asunto',
    'assunto',
    'emne',
    'ämne',
    'temat',
    'aihe',
    'tárgy',
    'тема',
  ],
  other: [
    'reply-to',
    'répondre à',
    'risposta',
    'importance',
    'priorité',
    'pièces jointes',
    'attachments',
    'envoyé par',
  ],
} as const satisfies Record<HeaderKind, readonly string[]>;

/** How a phone's or a program's signature begins; what follows must name one of DEVICES, or be « mon/my … ». */
export const SENT_FROM = [
  /^(?:message |mail |courriel |e-mail )?(?:envoy[ée]e?|transmis|expédié) (?:de(?:puis)? |à partir d(?:e |'|u )|d'|du |avec |via |par (?=mon|ma) ?|sur |grâce à |à l'aide d(?:e |'))/,
  /^(?:provenance|télécharge[rz]?|obtene[zr]|obtenir|essaye[rz]) ?:? ?(?=\[?(?:courrier|outlook|mail|yahoo|bluemail))/,
  /^(?:message |email |mail )?sent (?:from|via|with|by|using|on) /,
  /^(?:get|download) (?=\[?(?:outlook|yahoo|bluemail|typeapp))/,
  /^(?:\S{1,20} )?from (?:my )?(?=mobile|iphone|ipad|phone)/,
  /^(?:gesendet|verschickt) (?:von|mit|aus|über) /,
  /^(?:von (?=mein)|diese nachricht wurde (?:von|mit) )/,
  /^(?:verzonden|verstuurd) (?:met|vanaf|vanuit|via|van) /,
  /^inviato (?:da|dal|dalla|con) /,
  /^enviado (?:desde|de|do|da|con|a partir d[eo]|pelo|via) /,
  /^(?:sendt|skickat|sent) (?:fra|från|med) /,
  /^wysłan[eo] (?:z|ze|przy) /,
  /^lähetetty /,
  /^отправлено (?:с|из) /,
  /^(?:從我的|从我的|发自我的|發自我的|發自) ?/,
] as const;

/** What a signature of that kind names, within its first words. */
export const DEVICES =
  /\b(?:i-?phone|ipad|ipod|mobil|portable|smartphone|t[ée]l[ée]phone|phone|tablet|tablette|appareil|cell|handy|samsung|galaxy|android|huawei|honor|xiaomi|redmi|poco|oppo|realme|oneplus|wiko|nokia|sony|xperia|pixel\b|motorola|moto|alcatel|crosscall|fairphone|htc|lg|blackberry|windows|outlook|yahoo|gmail|inbox|hotmail|mail|mailbox|e-mail|messagerie|courrier|webmail|orange|sfr|free|bouygues|la poste|laposte|proton|protonmail|tutanota|thunderbird|k-9|fairemail|spark|airmail|typeapp|bluemail|edison|aquamail|mailo|zimbra|mac|macbook|ordinateur)/;

/** Footers that software adds after the last words: not the person's either. Lower case, matched at a line's start. */
export const FOOTERS = [
  /^(?:garanti )?sans virus\b.{0,20}(?:avast|avg|$)/,
  /^https?:\/\/(?:www\.)?avast\.com\b/,
  /^#[0-9a-f-]{8,40}>?$/,
  /^l'absence de virus dans ce (?:courrier|message|courriel)/,
  /^(?:cet e-?mail|ce courriel|ce message) a été (?:vérifié|analysé|contrôlé)/,
  /^(?:virus-free|this e-?mail has been (?:checked|scanned))/,
  /^(?:ce message|ce courriel|cet e-?mail|ce mail|le présent message)\b.{0,90}(?:pi[èe]ces? jointes?|confidenti|destinataire)/,
  /^this (?:e-?mail|message)\b.{0,60}(?:attachments?|confidential|privileged|intended)/,
  /^(?:avant d'imprimer|pensez à l'environnement|n'imprimez ce|merci de penser à l'environnement|please consider the environment)/,
] as const;

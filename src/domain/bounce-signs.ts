import { header, type HeaderView, type MailAddress } from './received-email.ts';

/** Who speaks and what is said: a report needs a mail system's voice and the words of a failure (RFC 3464, RFC 5321 §6.1). */

/** The words by which mail systems say that a mail did not arrive, or not yet. */
export function tellsFailure(words: string): boolean {
  const flat = words.replace(/\s+/g, ' ');
  return FAILURES.some((pattern) => pattern.test(flat));
}

/** A subject that mail systems give their reports; a reply or a forward of one is a person's. */
export function isFailureSubject(subject: string): boolean {
  if (/^\s*(?:re|r[ée]f|fwd?|tr|aw|wg|rv|i)\s*:/i.test(subject))
    return subject.trimEnd().endsWith(': non remis (delivery failed)');
  return FAILURE_SUBJECT.test(subject) || tellsFailure(subject);
}

/** Sent by a mail system and not by a person: its address, its name, or the empty return path of RFC 5321 §4.5.5. */
export function isMailSystem(headers: HeaderView, from: readonly MailAddress[]): boolean {
  return isReport(headers) || isReturnPathNull(headers) || isNamedSystem(from);
}

export function isNamedSystem(from: readonly MailAddress[]): boolean {
  return from.some(({ name, address }) => SYSTEM_ADDRESS.test(address) || SYSTEM_NAME.test(name));
}

export function isReturnPathNull(headers: HeaderView): boolean {
  return /^<?\s*(?:mailer-daemon(?:@[^\s>]*)?)?\s*>$/i.test(header(headers, 'return-path').trim());
}

/** multipart/report about deliveries (RFC 6522 §3); the report-type is often forgotten. */
export function isReport(headers: HeaderView): boolean {
  const type = header(headers, 'content-type');
  return /^\s*multipart\/report\b/i.test(type) && !/report-type\s*=\s*"?(?:disposition|feedback)/i.test(type);
}

/** How a person's mail begins, or ends, when it tells of a report: greeting, forward, quotation, thanks. */
export function isPersonal(text: string): boolean {
  return PERSONAL.test(text.slice(0, 20_000));
}

const SYSTEM_ADDRESS =
  /^(?:[^@]*[._+-])?(?:mailer[-_.]?daemon|mail[-_.]?daemon|daemon|post-?master|mdaemon|mail[-_.]?delivery(?:[-_.]?(?:sub)?system|[-_.]?service)?|mail[-_.]?(?:system|adm(?:in)?|gateway)|system[-_. ]?administrator|microsoftexchange[0-9a-f]+|(?:smtp|email)[-_.]gateways?|imss|mailsweeper|mail-?marshal)[^@a-z]*@/i;

const SYSTEM_NAME =
  /mail(?:er)?[ -]?daemon|mail delivery|delivery (?:sub)?system|mail (?:administrator|system|server)|\bpostmaster\b|system administrator|administrateur syst[eè]me|syst[eè]me de (?:messagerie|distribution)|microsoft (?:outlook|exchange)|messaging (?:server|service)/i;

const FAILURE_SUBJECT =
  /^\s*(?:\W{0,4}(?:warning|attention|fatal|urgent|automatic|auto)\W{0,4})?(?:failure notice|failure delivery|failed mail|fail(?:ed|ure) (?:to deliver|delivery)|returned (?:mail|to sender|e-?mail|message)|mail (?:system )?(?:error|failure|failed)|mail deliver|mail could not|delivery (?:status|failure|notification|report|error|problem|warning|has |delayed)|permanent delivery|undeliver|un-?deliverable|non-?deliver|ndn\b|dsn\b|message (?:status|delayed|undeliver|not deliver|delivery|you sent)|could not send|delayed mail|transient |bounce(?:d)?\b|(?:e-?mail|message) (?:bounced|returned)|processing error|rejected mail|considered unsolicited|user unknown|email delivery|error sending|votre (?:message|courriel|mail) n|(?:message|courriel|mail|e-?mail) non (?:remis|d[ée]livr|distribu)|notification d['’]?(?:[ée]tat|[ée]chec)|rapport de (?:non[- ])?(?:remise|livraison)|avis de non[- ](?:remise|livraison|distribution)|retour [àa] l['’]exp[ée]diteur|erreur de (?:remise|distribution|livraison))/i;

/** Wildcards are bounded: the text is a stranger's. */
const FAILURES: readonly RegExp[] = [
  /(?:\bnot|n['’]t|never|unable|failed|fail) (?:(?:yet|be|been|being|have|possible|able|successfully|to|get) ){0,4}(?:deliver|relay|reach .{0,60}recipient|reach .{0,20}destination|accepted for delivery|collected after)/i,
  /undeliver|non-?deliver|not be (?:reached|sent|processed|returned)|(?:delivery|delevery) .{0,100}(?:fail|delay|abort|unsuccess|postpon|impossible|cancel|error|problem|perman|has been stopped|not)/i,
  /(?:failed|failure|failing|error|problem|problems|difficult\w*).{0,30}(?:deliver|recipient|address|sending|returned)|(?:recipient|address)(?:es|s|\(s\)|\(es\))?.{0,40}(?:fail|error|could not|not reached|was rejected|were rejected)/i,
  /returned (?:to (?:the )?sender|mail|because|to you|below)|(?:been|being|was|were|is) (?:returned|bounced|rejected|delayed|postponed|undelivered)|fatal error|permanent error|does not like recipient|no valid recipient|unknown (?:user|recipient|address)|(?:user|recipient|mailbox) unknown|no such user|invalid (?:final|recipient|user)|(?:mailbox|mailfolder) (?:is )?full|over ?quota|quota exceeded|not listed in|unable to (?:send|process|forward)|(?:e-?mail|message|recipient).{0,40}(?:was|been) (?:blocked|refused|quarantined)|did not exactly match/i,
  /n['’](?:a|ont|avons) (?:pas |jamais |donc |malheureusement |encore )*(?:pu |été |être )*(?:pu |été |être )*(?:vous )?(?:remis|remettre|d[ée]livr|distribu|achemin|transmis|livr|parven|envoy)/i,
  /n['’](?:est|a) (?:pas )?(?:parvenu|arrivé).{0,40}destin|ne (?:peut|peuvent|pourra|pourront) (?:pas )?(?:[êe]tre )(?:remis|d[ée]livr|distribu|achemin|transmis|livr)|n['’]a pas (?:pu )?atteint|n['’]a pas pu [êe]tre/i,
  /impossible (?:de |d['’])?(?:la )?(?:remettre|remise|d[ée]livrer|distribu|livr|transmettre|achemin|envoyer|d['’]envoi)|(?:[ée]chec|erreur)s? (?:d[ée]finitive?s? |permanente? |temporaires? )?(?:de |d['’]|lors de |dans )(?:la |l['’])?(?:remise|livraison|distribution|d[ée]livrance|acheminement|envoi|transmission)|non[- ](?:remis|remise|d[ée]livr|distribu|livr)|(?:remise|livraison|distribution|acheminement) .{0,60}(?:[ée]chou|impossible|retard|diff[ée]r|[ée]chec)|(?:a|ont) [ée]chou[ée].{0,30}destinataire|adresse .{0,60}(?:n['’]existe|inconnue|erron)|retourn[ée] [àa] (?:son |l['’])exp[ée]diteur/i,
  /nicht (?:zugestellt|zustellbar|ausgeliefert|erreicht)|unzustellbar|zustellung.{0,60}(?:fehlgeschlagen|gescheitert|nicht|verzögert)|no (?:se )?(?:ha )?(?:pudo|podido|puede|pudimos) .{0,30}(?:entreg|enviar|envia)|error (?:de|en la) entrega|entrega.{0,30}(?:fall|retras)|impossibile (?:recapitare|consegnare|inviare)|(?:mancat[oa]|fallit[oa]) (?:recapito|consegna)|non (?:è stato possibile|può essere|ha potuto) .{0,30}(?:recapit|consegn)|não (?:pôde|pode|foi) .{0,30}entreg|nao (?:pode|foi) .{0,30}(?:entreg|enviada)|falha (?:na|de) entrega|kan niet (?:worden )?(?:af|be)geleverd|niet (?:worden )?(?:afgeleverd|bezorgd)|onbestelbaar|kunde inte (?:levereras|skickas)|kunne ikke (?:leveres|sendes)|nie (?:mogła|może|została) .{0,20}(?:dostarcz|doręcz)|neb(?:yl|ude) .{0,20}doručen|kézbesít|toimit(?:us|ettu)/i,
  /не (?:может быть |удалось |было |был[ао]? )?(?:доставлен|доставить)|невозможно доставить|недоставлен|无法(?:发送|投递|送达|傳送|傳遞)|(?:发送|投递|傳輸|传输|寄送)失败|退信|被退回|系统退信|配信(?:できま|不能|エラー)|(?:送信|お届け|配送)(?:でき|する事ができ)|届けることができ|宛先不明|전송 ?(?:실패|되지)/i,
];

const PERSONAL =
  /^[\s>]*(?:bonjour|bonsoir|madame|monsieur|chère?s?|hello|hi|dear|salut|coucou|hallo|guten tag)\b(?![. ]*(?:this is the|this message was|i am the|sorry|the mail|je suis le (?:programme|serveur|syst)|ceci est))(?=[\s\S]{0,3000}(?:cordialement|merci|bien à vous|salutations|regards|thanks|thank you|pouvez[- ]vous|\bj['’]ai|\bje\b|\bmon\b|\bma\b|\bmes\b|\bmy\b))|^[\s>]*(?:-{2,} ?(?:message transf|forwarded|original message|message d['’]origine)|begin forwarded|début du message|d[ée]but de message|(?:de|from|von) ?:.{0,120}$)/im;

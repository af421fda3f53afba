/** Subjects that only robots write. A parent writes « Absence de Léo », a citizen « Absence du bureau de vote ». */

/** An absence or an automatic acknowledgement, told by its subject alone: when in doubt, a person's. */
export function isAnswerSubject(subject: string): boolean {
  return STARTS.test(subject) || WHOLE.test(subject) || ANYWHERE.test(subject);
}

/** « Your message awaits moderator approval »: Mailman, Sympa, Google Groups, anti-spam services. */
export function isModerationSubject(subject: string): boolean {
  return MODERATION.test(subject);
}

/** Then comes the subject that was answered, or nothing. */
const STARTS =
  /^[\s[(*«"]*(?:r[ée]ponse automatique|r[ée]pondeur automatique|r[ée]ponse d['’]absence|absence du bureau|absent(?:e|\(e\))? du bureau|message automatique d['’]absence|accus[ée] de r[ée]ception automatique|automatic reply|auto(?:matic)?[- ]?(?:reply|response|responder)|out of (?:the )?office(?: auto[- ]?reply)?|vacation (?:auto-?)?reply|away from (?:the )?office|autosvar|automatisch antwoord|automatische antwort|abwesenheitsnotiz|abwesenheitsbenachrichtigung|respuesta autom[áa]tica|fuera de (?:la )?oficina|risposta automatica|fuori (?:sede|ufficio)|resposta autom[áa]tica|automatyczna odpowied[źz]|автоответ)(?=\s*(?:$|[:\])»"*|(–—-]|re\s*:))/i;

/** Words that people use too: certain only when nothing but the answered mail's subject follows. */
const WHOLE =
  /^[\s[(*«"]*(?:message d['’]absence|notification d['’]absence|r[ée]ponse autom\.?)[\])»"*\s]*(?:$|[:–—-]?\s*(?:re|tr)\s*:)/i;

/** Notes: « Marie Durand est absent(e). », « … is out of the office (returning 12/03/2026) ». */
const ANYWHERE = /^[^:]{1,80} (?:est absent\(e\)|is out of (?:the )?office)(?=\s*(?:$|[.(:]|until|du |jusqu))/i;

const MODERATION =
  /^\s*(?:your message to .{1,80} (?:awaits|is awaiting) moderat|votre message (?:à|pour) .{1,80} (?:attend|est en attente d['’e]).{0,20}(?:approbation|mod[ée]rat)|.{0,60}\bmailinblack\b)/i;

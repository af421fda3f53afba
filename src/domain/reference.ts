/** `2026-000021`: the year of receipt and a number without gaps. Subjects carry it as `[n° 2026-000021]`. */

const SUBJECT_TAG = /(?<![\p{L}\p{N}])n(?:\s?[°º.]|o\.?|um[ée]ro)?\s?(20\d\d-\d{6})(?!\d)/giu;

export function formatReference(year: number, number: number): string {
  return `${year}-${String(number).padStart(6, '0')}`;
}

/** « 2026-000021 », and what people make of it: « n° 2026-21 », « 2026 000021 ». */
export function readReference(words: string): string | null {
  const [, year, number] = /(?<!\d)(20\d\d)\s?[-‐‑–—/ ]\s?(\d{1,6})(?!\d)/.exec(words) ?? [];
  return year === undefined || number === undefined ? null : formatReference(Number(year), Number(number));
}

/** The tag's space is a non-breaking one for people; mail headers fold at spaces, so it is looked for loosely. */
export function subjectTag(reference: string): string {
  return `[n° ${reference}]`;
}

export function referencesIn(subject: string): string[] {
  return [...new Set([...subject.matchAll(SUBJECT_TAG)].map((match) => match[1] ?? ''))];
}

/** The subject without our tags and without the piles of « Re: Tr: » that clients add. */
export function bareSubject(subject: string): string {
  let bare = subject
    .replace(/\[n\s?[°º.]?\s?20\d\d-\d{6}\]/gi, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  for (let prefix = REPLY_PREFIX.exec(bare); prefix !== null; prefix = REPLY_PREFIX.exec(bare)) {
    bare = bare.slice(prefix[0].length);
  }
  return bare;
}

const REPLY_PREFIX = /^(?:re|ré|réf|tr|fw|fwd|aw|rv|sv)(?:\[\d\])?\s?:\s*/i;

/** Some people write everything in the subject, which mails and lists cut: without other words it is read whole. */
export function wordsInSubject(subject: string): string {
  return subject.length > LONGEST_TITLE ? subject : '';
}

const LONGEST_TITLE = 120;

import type { Language } from '../domain/people.ts';
import type { Locale } from '../template.ts';
import { LINT_RULES, type LintWords } from './lint-rules.ts';
import type { MailView } from './mail-view.ts';
import type { RenderedMail } from './render.ts';

/** Holds a rendered mail to its rules. */

export function lintWords(locale: Locale, language: Language, timeZone: string): LintWords {
  return { language, timeZone, say: (key) => locale['lint']?.[key] ?? key };
}

/** The rules that this mail breaks: none when the law is satisfied. */
export function lintMail(view: MailView, mail: RenderedMail, words: LintWords): string[] {
  const parts = [visibleText(mail.html), flat(mail.text)];
  const rules = LINT_RULES.filter(({ kinds }) => kinds.includes(view.kind));
  const broken = rules.filter(({ wanted, unwanted }) => {
    const missing = wanted(view, words) ?? [];
    const forbidden = unwanted?.(view, words) ?? [];
    return parts.some(
      (part) => missing.some((each) => !says(part, each)) || forbidden.some((each) => says(part, each)),
    );
  });
  return [...broken.map(({ id }) => id), ...lintForm(view, mail, words)];
}

/** What holds for every mail: nothing fetched from elsewhere, a language, an answer that is welcome, a way in. */
function lintForm(view: MailView, { html, text }: RenderedMail, words: LintWords): string[] {
  const fetches = /<(?:img|link|script|iframe)\b[^>]*\b(?:src|href)="(?:https?:)?\/\/(?![^"]*"[^>]*itemprop)/i;
  const isFetched = fetches.test(html.replaceAll(/<link itemprop="target"[^>]*>/g, '')) || /url\(|@import/i.test(html);
  const [link] = view.links;
  const isClosed = link !== undefined && !(html.includes(escaped(link.url)) && text.includes(link.url));
  return [
    ...(isFetched ? ['remote'] : []),
    ...(html.includes(`lang="${words.language}"`) ? [] : ['language']),
    ...(says(visibleText(html), words.say('noReply')) || says(flat(text), words.say('noReply')) ? ['noReply'] : []),
    ...(isClosed ? ['link'] : []),
  ];
}

function says(part: string, wanted: string): boolean {
  return wanted.split('|').some((each) => part.includes(flat(each).toLowerCase()));
}

function visibleText(html: string): string {
  const body = html.slice(html.indexOf('<body')).replace(/<!--[\s\S]*?-->/g, '');
  const hidden = body.replace(/<div style="display:none;[\s\S]*?<\/div>/, '');
  const bare = hidden
    .replace(/<[^>]*>/g, ' ')
    .replace(/&#39;/g, "'")
    .replace(/&#34;/g, '"')
    .replace(/&amp;/g, '&');
  return flat(bare);
}

function flat(text: string): string {
  return text
    .replace(/^> ?/gm, '')
    .replace(/[\s\u00a0]+/g, ' ')
    .replace(/ ([,.)])/g, '$1')
    .toLowerCase();
}

function escaped(url: string): string {
  return url.replaceAll('&', '&amp;');
}

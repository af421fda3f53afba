import { LANGUAGES, type Language, type Town } from '../domain/people.ts';
import { REGIMES } from '../domain/silence.ts';
import { MAIL_KINDS, type MailKind } from '../domain/workflow.ts';
import { isOurTemplate, readOwnTemplates, type OwnTemplates, type TemplateFile } from '../template-files.ts';
import { createEngine, loadLocale, type Locale } from '../template.ts';
import { lintMail, lintWords } from './lint.ts';
import type { MailView } from './mail-view.ts';
import { createEngines, fill, isWrittenIn, loadMail } from './render.ts';
import { PLAUSIBLE, sampleView } from './sample-views.ts';
import { ORDINARY } from './sample-words.ts';
import { liquidFault, type TemplateFault } from './template-fault.ts';

/**
 * A town's own templates, one by one: each is taken if it can be read, compiled, and still says what the law asks of
 * every mail that it changes; otherwise ours stays, and what is wrong is told.
 */

export interface Accepted {
  own: OwnTemplates;
  faults: TemplateFault[];
}

export async function acceptOwnTemplates(dir: string | null, { timeZone }: Pick<Town, 'timeZone'>): Promise<Accepted> {
  const accepted = new Map<string, TemplateFile>();
  const faults: TemplateFault[] = [];
  for (const [name, template] of readOwnTemplates(dir)) {
    const own = new Map([...accepted, [name, template]]);
    const found = faultOfFile(name, template, timeZone) ?? (await faultOfMails(name, template, own, timeZone));
    if (found === null) accepted.set(name, template);
    else faults.push(found);
  }
  return { own: accepted, faults };
}

/** Alone, as it is written. */
function faultOfFile(name: string, { path, source }: TemplateFile, timeZone: string): TemplateFault | null {
  if (!isOurTemplate(name)) return { file: path, line: null, fault: 'unknown', detail: name };
  try {
    if (name.endsWith('.json')) JSON.parse(source);
    else readable(name, timeZone).parse(source, path);
    return null;
  } catch (error) {
    if (name.endsWith('.json')) return { file: path, line: null, fault: 'json', detail: (error as Error).message };
    return liquidFault(path, error);
  }
}

function readable(name: string, timeZone: string) {
  const isMail = /^(emails|partials)\//.test(name);
  if (!isMail) return createEngine({ html: name.endsWith('.html'), timeZone });
  return createEngines(timeZone, 'fr', new Map())[name.endsWith('.mjml') ? 'html' : 'text'];
}

/** In the mails that it changes: of one kind, or of every kind when it is a partial of theirs. */
async function faultOfMails(
  name: string,
  template: TemplateFile,
  own: OwnTemplates,
  timeZone: string,
): Promise<TemplateFault | null> {
  const changed = /^emails\/(\w+)\./.exec(name)?.[1];
  const isShared = /^(partials\/mail-|locales\/)/.test(name);
  const kinds = MAIL_KINDS.filter((kind) => isShared || kind === changed);
  for (const language of LANGUAGES) {
    for (const kind of kinds.filter((each) => isWrittenIn(each, language))) {
      const fault = await faultOfMail(kind, language, own, timeZone);
      if (fault !== null) return { ...fault, file: fault.line === null ? template.path : fault.file };
    }
  }
  return null;
}

/** The first fault of a kind, in every case that the law tells apart. */
export async function faultOfMail(
  kind: MailKind,
  language: Language,
  own: OwnTemplates,
  timeZone: string,
): Promise<TemplateFault | null> {
  const loaded = await loadMail(kind, createEngines(timeZone, language, own), own);
  if (!loaded.ok) return loaded.fault;
  const words = lintWords(localeWith(own, language), language, timeZone);
  for (const view of casesOf(kind, language)) {
    try {
      const [fault] = lintMail(view, fill(loaded.templates, view), words);
      if (fault !== undefined) return { file: kind, line: null, fault, detail: kind };
    } catch (error) {
      return liquidFault(kind, error);
    }
  }
  return null;
}

function casesOf(kind: MailKind, language: Language) {
  const roles = PLAUSIBLE.filter((each) => each.kind === kind);
  const views = roles.flatMap(({ role }) => REGIMES.map((regime) => sampleView(kind, role, ORDINARY, regime)));
  // An agent's words that the citizen did not write as well.
  const told = views.map((view) => ({ ...view, facts: { ...view.facts, comment: `${kind} ${view.facts.comment}` } }));
  const others: Partial<Record<MailKind, (view: MailView) => MailView>> = {
    decision: asAccepted,
    correction: asOrdinary,
  };
  const other = others[kind];
  const all = other === undefined ? told : [...told, ...told.map(other)];
  return all.filter(({ to }) => language === 'fr' || to.role === 'citizen').map((view) => ({ ...view, language }));
}

function asAccepted(view: MailView): MailView {
  return { ...view, facts: { ...view.facts, outcome: 'accepted', comment: '' } };
}

/** What is asked for can be done without: no delay is suspended. */
function asOrdinary(view: MailView): MailView {
  return { ...view, facts: { ...view.facts, indispensable: undefined } };
}

function localeWith(own: OwnTemplates, language: Language): Locale {
  const file = own.get(`locales/${language}.json`);
  const locale = loadLocale(language);
  return file === undefined
    ? locale
    : { ...locale, ...(JSON.parse(file.source) as Locale), lint: locale['lint'] ?? {} };
}

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Language } from './domain/people.ts';

/**
 * Where a template is found. A name is its path under `templates/`, such as `emails/answer.mjml`; the same in another
 * language stands beside it, as `emails/answer.en.mjml`. A town's own file of that name comes before ours.
 */

export const TEMPLATES_DIR = fileURLToPath(new URL('../templates', import.meta.url));

export interface TemplateFile {
  path: string;
  source: string;
}

/** The templates that a town has put in place of ours, by their name. */
export type OwnTemplates = ReadonlyMap<string, TemplateFile>;

export const NO_OWN_TEMPLATES: OwnTemplates = new Map();

/** Every file under the folder, by its name; none when there is no folder. */
export function readOwnTemplates(dir: string | null): OwnTemplates {
  if (dir === null) return NO_OWN_TEMPLATES;
  const names = readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((name) => extname(name) !== '');
  return new Map(
    names
      .toSorted((one, other) => one.localeCompare(other))
      .map((name) => {
        const path = join(dir, name);
        return [name.replaceAll('\\', '/'), { path, source: readFileSync(path, 'utf8') }] as const;
      }),
  );
}

/** In this language, else in French; the town's own before ours. Null when there is none. */
export function findTemplate(name: string, language: Language, own: OwnTemplates): TemplateFile | null {
  for (const each of language === 'fr' ? [name] : [inLanguage(name, language), name]) {
    const found = own.get(each) ?? ownedByUs(each);
    if (found !== null) return found;
  }
  return null;
}

/** `emails/answer.mjml` in English: `emails/answer.en.mjml`. */
export function inLanguage(name: string, language: Language): string {
  return language === 'fr' ? name : name.replace(/\.(\w+)$/, `.${language}.$1`);
}

/** Whether a template of ours, in this very language, has this name. */
export function isOurTemplate(name: string): boolean {
  return isName(name) && existsSync(`${TEMPLATES_DIR}/${name}`);
}

function ownedByUs(name: string): TemplateFile | null {
  if (!isOurTemplate(name)) return null;
  const path = `${TEMPLATES_DIR}/${name}`;
  return { path, source: readFileSync(path, 'utf8') };
}

/** Nothing outside the folder, whatever an include asks for. */
function isName(name: string): boolean {
  return /^[\w-]+(\/[\w-]+)*(\.\w+){1,2}$/.test(name);
}

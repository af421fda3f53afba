import { posix } from 'node:path';
import compileMjml from 'mjml';
import type { Language } from '../domain/people.ts';
import { findTemplate, type OwnTemplates } from '../template-files.ts';
import type { TemplateFault } from './template-fault.ts';

/** The only door to MJML: from a template and the partials it names to one HTML template, or to what is wrong with it. */

export type CompiledMail = { ok: true; html: string; files: ReadonlySet<string> } | { ok: false; fault: TemplateFault };

interface Line {
  text: string;
  file: string;
  line: number;
}

export async function compileMail(name: string, language: Language, own: OwnTemplates): Promise<CompiledMail> {
  const files = new Set<string>();
  const lines: Line[] = [];
  const missing = collectLines(name, language, own, lines, files, 0);
  const fault = missing ?? unbalancedTag(lines);
  if (fault !== null) return { ok: false, fault };
  try {
    const source = lines.map(({ text }) => text).join('\n');
    const { html } = await compileMjml(source, {
      ignoreIncludes: true,
      keepComments: false,
      validationLevel: 'strict',
    });
    return { ok: true, html: compactLayout(html), files };
  } catch (error) {
    return { ok: false, fault: mjmlFault(error, lines) };
  }
}

const MAX_DEPTH = 8;
const INCLUDE = /<mj-include\s+path="([^"]+)"\s*\/>/;

/** MJML's own includes know neither languages nor a town's templates, and forget which file a line came from. */
function collectLines(
  name: string,
  language: Language,
  own: OwnTemplates,
  lines: Line[],
  files: Set<string>,
  depth: number,
): TemplateFault | null {
  const template = depth > MAX_DEPTH ? null : findTemplate(name, language, own);
  if (template === null) return { file: name, line: null, fault: 'missing', detail: name };
  files.add(template.path);
  for (const [i, text] of template.source.split('\n').entries()) {
    const included = INCLUDE.exec(text)?.[1];
    if (included === undefined) {
      lines.push({ text, file: template.path, line: i + 1 });
      continue;
    }
    const path = posix.join(posix.dirname(name), included);
    const fault = collectLines(path, language, own, lines, files, depth + 1);
    if (fault !== null) return fault.file === path ? { ...fault, file: template.path, line: i + 1 } : fault;
  }
  return null;
}

/** MJML forgives a tag that is not closed, and swallows what follows. */
function unbalancedTag(lines: readonly Line[]): TemplateFault | null {
  const open: { tag: string; at: Line }[] = [];
  for (const at of lines) {
    for (const [, slash = '', tag = '', end = ''] of at.text.matchAll(/<(\/?)(mj[\w-]*)\b[^>]*?(\/?)>/g)) {
      if (end === '/') continue;
      if (slash === '') open.push({ tag, at });
      else if (open.pop()?.tag !== tag) return unclosed(tag, at);
    }
  }
  const last = open.at(-1);
  return last === undefined ? null : unclosed(last.tag, last.at);
}

function unclosed(tag: string, { file, line }: Line): TemplateFault {
  return { file, line, fault: 'unclosed', detail: tag };
}

function mjmlFault(error: unknown, lines: readonly Line[]): TemplateFault {
  const { errors = [], message } = error as { errors?: { line: number; message: string }[]; message: string };
  const [first] = errors;
  const at = lines[(first?.line ?? 1) - 1] ?? lines[0];
  return { file: at?.file ?? '', line: at?.line ?? null, fault: 'mjml', detail: first?.message ?? message };
}

/** MJML indents its tables deeply: a third of each mail. */
function compactLayout(html: string): string {
  return html.replace(/\n\s+/g, '\n');
}

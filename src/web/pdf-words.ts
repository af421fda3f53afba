import { label } from '../template.ts';

/** A sentence of the locale file, section `pdf`, with its {places} filled. What fills them is never read as a sentence again. */
export function phrase(key: string, values: Record<string, string | number> = {}): string {
  return label('pdf', key).replace(/\{(\w+)\}/g, (_place, name: string) => String(values[name] ?? ''));
}

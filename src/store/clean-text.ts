/**
 * PostgreSQL stores any Unicode but NUL, and no lone surrogate (22021, 22P05). Mail brings both, so every string on its
 * way to a column passes here: well-formed, without control characters other than tab and line feed, in NFC.
 */
export function cleanText(text: string): string {
  return text.toWellFormed().replace(CONTROLS, '').normalize('NFC');
}

// C0 and C1 controls, and DEL; a carriage return goes with them, its line feed stays.
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** The same for every string in the arguments of a query; bytes and dates pass as they are. */
export function cleanDeep<T>(value: T): T {
  if (typeof value === 'string') return cleanText(value) as T;
  if (Array.isArray(value)) return value.map((item: unknown) => cleanDeep(item)) as T;
  if (value === null || typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, cleanDeep<unknown>(inner)])) as T;
}

import type { HeaderView } from './received-email.ts';

/**
 * Whether our own mail server vouches for a sender (RFC 8601). Anyone may write an Authentication-Results header; only
 * those that bear the name of a server from the config count, and a border server removes foreign ones of that name (§5).
 */
export type SenderProof = 'none' | 'pass' | 'fail';

interface MethodResult {
  method: string;
  result: string;
  properties: ReadonlyMap<string, string>;
}

/** Fail is stronger than pass; nothing configured, or no header of ours, proves nothing. `domain` is the From address's. */
export function senderProof(headers: HeaderView, servers: readonly string[], domain: string): SenderProof {
  const trusted = servers.map((server) => server.toLowerCase());
  const ours = (headers.get('authentication-results') ?? [])
    .map(parseResults)
    .filter((results) => results !== null && trusted.includes(results.server))
    .flatMap((results) => (results === null ? [] : [results.methods]));
  // Two headers of one name mean that somebody wrote one of them.
  if (ours.length !== 1 || ours[0] === undefined) return ours.length === 0 ? 'none' : 'fail';
  const verdicts = ours[0].map((method) => verdictOf(method, domain));
  if (verdicts.includes('fail')) return 'fail';
  return verdicts.includes('pass') ? 'pass' : 'none';
}

function verdictOf({ method, result, properties }: MethodResult, domain: string): SenderProof {
  if (method === 'dmarc') return result === 'pass' ? 'pass' : result === 'fail' ? 'fail' : 'none';
  if (method !== 'dkim' || result !== 'pass') return 'none';
  const signer = properties.get('header.d') ?? properties.get('header.i')?.split('@')[1] ?? '';
  return isAligned(signer.toLowerCase(), domain) ? 'pass' : 'none';
}

/** The same domain, or one below the other. */
function isAligned(signer: string, domain: string): boolean {
  return (
    signer !== '' &&
    (signer === domain || domain.endsWith(`.${signer}`) || signer.endsWith(`.${domain}`)) &&
    signer.includes('.')
  );
}

/** `authserv-id [version]; method=result prop=value …; …` Comments and quoted strings cannot smuggle a result in. */
function parseResults(value: string): { server: string; methods: MethodResult[] } | null {
  const [head = '', ...rest] = splitUnquoted(withoutComments(value.slice(0, 8_000)), ';');
  const server = unquoted(splitUnquoted(head.trim(), ' ')[0] ?? '').toLowerCase();
  if (server === '') return null;
  const methods = rest.flatMap((part) => {
    const words = splitUnquoted(part.trim(), ' ').filter((word) => word !== '');
    const [method, result] = (words[0] ?? '').split('=');
    if (method === undefined || result === undefined) return [];
    const properties = words.slice(1).flatMap((word): [string, string][] => {
      const equals = word.indexOf('=');
      return equals > 0 ? [[word.slice(0, equals).toLowerCase(), unquoted(word.slice(equals + 1))]] : [];
    });
    return [
      {
        method: method.toLowerCase().replace(/\/\d+$/, ''),
        result: result.toLowerCase(),
        properties: new Map(properties),
      },
    ];
  });
  return { server, methods };
}

/** Comments nest (RFC 5322 §3.2.2); inside quotes a parenthesis is a parenthesis. */
function withoutComments(value: string): string {
  let depth = 0;
  let isQuoted = false;
  let out = '';
  for (let i = 0; i < value.length; i++) {
    const char = value[i] ?? '';
    if (char === '\\') {
      if (depth === 0) out += char + (value[i + 1] ?? '');
      i += 1;
    } else if (char === '"' && depth === 0) {
      isQuoted = !isQuoted;
      out += char;
    } else if (char === '(' && !isQuoted) depth += 1;
    else if (char === ')' && !isQuoted && depth > 0) depth -= 1;
    else if (depth === 0) out += char === '\t' ? ' ' : char;
  }
  return out;
}

function splitUnquoted(value: string, separator: string): string[] {
  const parts = [''];
  let isQuoted = false;
  for (const char of value) {
    if (char === '"') isQuoted = !isQuoted;
    if (char === separator && !isQuoted) parts.push('');
    else parts[parts.length - 1] += char;
  }
  return parts;
}

function unquoted(word: string): string {
  return word.replace(/^"|"$/g, '');
}

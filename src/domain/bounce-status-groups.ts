import { fieldAddress } from './bounce-address.ts';

/** One recipient's part of a message/delivery-status (RFC 3464 §2.3). */
export interface StatusGroup {
  /** As we had addressed it where the server says so, else as it finally was; lower case. */
  recipient: string;
  action: 'failed' | 'delayed' | 'delivered';
  /** RFC 3463, or ''. */
  status: string;
  diagnostic: string;
}

/** The recipients of a delivery-status, also of one that lost its part and stands in a text. */
export function statusGroups(text: string): StatusGroup[] {
  return fieldGroups(text).flatMap((fields) => {
    const recipient = ORIGINAL_FIRST.map((name) => fieldAddress(fields.get(name) ?? '')).find(Boolean) ?? '';
    const status = statusCode(fields.get('status') ?? '');
    const action = actionOf(fields.get('action') ?? '', status);
    if (recipient === '' || action === null) return [];
    const diagnostic = fields.get('diagnostic-code') ?? /[a-z]{4}/i.exec(fields.get('status') ?? '')?.input ?? '';
    return [{ recipient, action, status, diagnostic: diagnostic.replace(/^[\w-]+\s*;\s*/, '') }];
  });
}

const ORIGINAL_FIRST = ['original-recipient', 'final-recipient', 'x-actual-recipient'];

/** Servers write `failure`, `failed (…)`, `Delayed`; those that write none leave the status to tell. */
function actionOf(action: string, status: string): StatusGroup['action'] | null {
  if (/^\s*(?:fail|error|reject)/i.test(action)) return 'failed';
  if (/^\s*delay/i.test(action)) return 'delayed';
  if (/^\s*(?:deliver|relay|expand)/i.test(action)) return 'delivered';
  return { 5: 'failed' as const, 4: 'delayed' as const, 2: 'delivered' as const }[status[0] ?? ''] ?? null;
}

function statusCode(value: string): string {
  const code = /\b([245])\s?\.\s?(\d{1,3})\s?\.\s?(\d{1,3})\b/.exec(value);
  if (code !== null) return `${code[1]}.${code[2]}.${code[3]}`;
  const reply = /^\s*([245])\d\d\b/.exec(value);
  return reply === null ? '' : `${reply[1]}.0.0`;
}

/** A blank line ends a group, and so does a second recipient field where the server forgot the blank line. */
function fieldGroups(text: string): Map<string, string>[] {
  const groups: Map<string, string>[] = [];
  let fields = new Map<string, string>();
  let last = '';
  for (const line of text.split(/\r\n|\r|\n/)) {
    const field = /^>?\s?([A-Za-z][A-Za-z0-9-]{2,60})\s?:\s?(.{0,1000})/.exec(line);
    if (field !== null) {
      last = (field[1] ?? '').toLowerCase();
      if (fields.has(last) && last.endsWith('-recipient')) fields = new Map();
      if (fields.size === 0) groups.push(fields);
      if (!fields.has(last)) fields.set(last, field[2] ?? '');
    } else if (/^\s+\S/.test(line) && fields.has(last)) {
      const value = fields.get(last) ?? '';
      if (value.length < MAX_FIELD_CHARS) fields.set(last, `${value} ${line.trim().slice(0, 1000)}`);
    } else {
      fields = new Map();
    }
  }
  return groups;
}

const MAX_FIELD_CHARS = 2_000;

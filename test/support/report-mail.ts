import { readFileSync } from 'node:fs';
import { simpleParser, type AddressObject } from 'mailparser';
import { htmlToWords } from '../../src/intake/html-words.ts';
import type { ReportMail } from '../../src/domain/report-mail.ts';

const OPTIONS = { skipHtmlToText: true, skipTextToHtml: true, skipImageLinks: true, keepDeliveryStatus: true } as const;
const REPORT_PARTS = /^(?:message\/|text\/rfc822-headers|text\/calendar)/;
const MAX_PART_BYTES = 65_536;

/** A raw mail as the intake hands it to the rules. */
export async function readReportMail(file: string): Promise<ReportMail> {
  return reportMail(readFileSync(file));
}

export async function reportMail(raw: Buffer | string): Promise<ReportMail> {
  const mail = await simpleParser(raw, OPTIONS);
  const headers = new Map<string, string[]>();
  for (const { key, line } of mail.headerLines) {
    const value = line
      .slice(line.indexOf(':') + 1)
      .replace(/\r?\n/g, '')
      .trim();
    headers.set(key, [...(headers.get(key) ?? []), value]);
  }
  const html = typeof mail.html === 'string' ? htmlToWords(mail.html).text : '';
  return {
    headers,
    from: addresses(mail.from),
    subject: (mail.subject ?? '').replace(/\s+/g, ' ').trim(),
    text: mail.text?.trim() ? mail.text : html,
    parts: mail.attachments
      .filter(({ contentType }) => REPORT_PARTS.test(contentType))
      .map(({ contentType, content }) => ({ contentType, text: content.subarray(0, MAX_PART_BYTES).toString('utf8') })),
  };
}

function addresses(field: AddressObject | AddressObject[] | undefined) {
  const objects = field === undefined ? [] : Array.isArray(field) ? field : [field];
  return objects
    .flatMap(({ value }) => value)
    .map(({ name, address }) => ({ name, address: (address ?? '').toLowerCase() }));
}

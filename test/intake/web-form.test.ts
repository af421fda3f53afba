import { expect, test } from 'vitest';
import { writerThroughForm } from '../../src/domain/web-form.ts';
import { aReceivedEmail } from './received.ts';

/** A web site’s mail is the citizen’s who filled in the form. */

const NORA = { name: 'Nora', address: 'nora@example.org' };

test.each([
  'no-reply@plassans.fr',
  'noreply@plassans.fr',
  'ne-pas-repondre@plassans.fr',
  'site@plassans.fr',
  'site-web@plassans.fr',
  'wordpress@plassans.fr',
  'www-data@host.example',
  'formulaire@plassans.fr',
  'mairie.noreply@forms.example',
  'noreply+plassans@forms.example',
])('through %s', (form) => {
  expect(writerThroughForm(writtenFrom(form, [NORA]))).toEqual(NORA);
});

test.each<[string, string, (typeof NORA)[]]>([
  ['a person who wants answers elsewhere', 'nora@work.example', [NORA]],
  ['a robot without Reply-To', 'no-reply@plassans.fr', []],
  ['two to answer', 'no-reply@plassans.fr', [NORA, { name: '', address: 'zoe@example.org' }]],
  ['nobody who can be answered', 'no-reply@plassans.fr', [{ name: 'Nora', address: '' }]],
  ['itself', 'site@plassans.fr', [{ name: 'Site', address: 'site@plassans.fr' }]],
  ['another robot', 'site@plassans.fr', [{ name: '', address: 'no-reply@plassans.fr' }]],
  ['a name that only begins so', 'sitelle@example.org', [NORA]],
])('%s: no form', (_what, from, replyTo) => {
  expect(writerThroughForm(writtenFrom(from, replyTo))).toBeNull();
});

test('two Reply-To headers, or two From: no form', () => {
  const email = writtenFrom('site@plassans.fr', [NORA]);
  expect(writerThroughForm({ ...email, doubledFields: ['reply-to'] })).toBeNull();
  expect(writerThroughForm({ ...email, from: [...email.from, ...email.from] })).toBeNull();
});

function writtenFrom(address: string, replyTo: (typeof NORA)[]) {
  return aReceivedEmail({ from: [{ name: 'Site', address }], replyTo });
}

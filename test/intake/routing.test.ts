import { describe, expect, test } from 'vitest';
import type { ReceivedEmail } from '../../src/domain/received-email.ts';
import { ACKNOWLEDGEMENTS_PER_SENDER_A_DAY, routeEmail, type Clues, type Route } from '../../src/domain/routing.ts';
import { aReceivedEmail, aTrace, PEOPLE, someClues, withHeaders } from './received.ts';

/** What is known of a mail, and what it is then: first match wins. */

const { nora, desk, voirie, jeanne, urbanisme, supervisor } = PEOPLE;

type Row = [sentence: string, clues: Partial<Clues>, expected: object, email?: Partial<ReceivedEmail>];

const by = ({ name, address }: { name: string; address: string }) => ({ from: [{ name, address }] });
const stranger = by({ name: 'Paul', address: 'paul@example.org' });
const robot = withHeaders({ 'auto-submitted': 'auto-replied' });

const ROWS: Row[] = [
  ['nothing is known: a new request', {}, { verdict: 'new', acknowledge: true }],
  ['our own mail is ignored', { isOurs: true, byAddress: [aTrace('r', [nora])] }, { verdict: 'ignore' }],
  ['a duplicate is ignored', { isDuplicate: true, byAddress: [aTrace('r', [nora])] }, { verdict: 'ignore' }],
  ['a robot that answers nothing of ours is archived', {}, { verdict: 'archive' }, robot],
  [
    'a robot that answers is recorded',
    { byMessageId: [aTrace('r', [nora])] },
    { verdict: 'automatic', requestId: 'r' },
    robot,
  ],
  [
    'an agent’s robot is no agent',
    { staff: [desk], byAddress: [aTrace('r', [desk])] },
    { verdict: 'automatic' },
    robot,
  ],
  [
    'a list’s mail is a request without an answer',
    {},
    { verdict: 'new', acknowledge: false },
    withHeaders({ 'list-id': '<l>' }),
  ],
  ['a mail without a sender is a request without an answer', {}, { verdict: 'new', acknowledge: false }, { from: [] }],
  [
    'a mail of two senders is a request without an answer',
    {},
    { verdict: 'new', acknowledge: false },
    { from: [nora, desk].map(({ name, address }) => ({ name, address })) },
  ],
  ['the fifth request of a day is acknowledged', { openedToday: 4 }, { verdict: 'new', acknowledge: true }],
  ['the sixth is not', { openedToday: ACKNOWLEDGEMENTS_PER_SENDER_A_DAY }, { verdict: 'new', acknowledge: false }],
  [
    'the citizen, by their signed address',
    { byAddress: [aTrace('r', [nora])] },
    { verdict: 'reply', requestId: 'r', author: nora },
  ],
  ['the citizen, answering a mail of ours', { byMessageId: [aTrace('r', [nora])] }, { verdict: 'reply', author: nora }],
  ['the citizen, answering their own mail', { byMessageId: [aTrace('r')] }, { verdict: 'reply', author: nora }],
  ['the citizen, by the number', { bySubject: [aTrace('r')] }, { verdict: 'reply', author: nora }],
  [
    'the signed address beats the thread',
    { byAddress: [aTrace('a')], byMessageId: [aTrace('b')] },
    { verdict: 'reply', requestId: 'a' },
  ],
  [
    'the thread beats the number',
    { byMessageId: [aTrace('a')], bySubject: [aTrace('b')] },
    { verdict: 'reply', requestId: 'a' },
  ],
  [
    'two signed addresses of two requests: a human chooses',
    { byAddress: [aTrace('a'), aTrace('b')] },
    { verdict: 'hold', why: 'ambiguous', requestId: null },
  ],
  [
    'the same request twice is not two',
    { byAddress: [aTrace('a'), aTrace('a')] },
    { verdict: 'reply', requestId: 'a' },
  ],
  ['a stranger’s number proves nothing', { bySubject: [aTrace('r')] }, { verdict: 'new', acknowledge: true }, stranger],
  [
    'a stranger with a key is a third party',
    { byAddress: [aTrace('r', [nora])] },
    { verdict: 'reply', author: { role: 'third_party', department: null, name: 'Paul', address: 'paul@example.org' } },
    stranger,
  ],
  [
    'a stranger with the desk’s key is a third party too',
    { byAddress: [aTrace('r', [desk])] },
    { verdict: 'reply', author: { role: 'third_party' } },
    stranger,
  ],
  [
    'the desk, by its own mail',
    { staff: [desk], byAddress: [aTrace('r', [desk])] },
    { verdict: 'reply', author: desk },
    by(desk),
  ],
  [
    'the desk’s address with the citizen’s key is held',
    { staff: [desk], byAddress: [aTrace('r', [nora])] },
    { verdict: 'hold', why: 'unauthenticated', requestId: 'r' },
    by(desk),
  ],
  [
    'the desk’s address with only the number is held',
    { staff: [desk], bySubject: [aTrace('r')] },
    { verdict: 'hold', why: 'unauthenticated', requestId: 'r' },
    by(desk),
  ],
  [
    'an agent answers in their own name a mail to their office',
    { staff: [jeanne], byAddress: [aTrace('r', [voirie])] },
    { verdict: 'reply', author: jeanne },
    by(jeanne),
  ],
  [
    'not a mail to another office',
    { staff: [jeanne], byAddress: [aTrace('r', [urbanisme])] },
    { verdict: 'hold', why: 'unauthenticated' },
    by(jeanne),
  ],
  [
    'not the desk’s',
    { staff: [jeanne], byMessageId: [aTrace('r', [desk])] },
    { verdict: 'hold', why: 'unauthenticated' },
    by(jeanne),
  ],
  [
    'the supervisor, by their own mail',
    { staff: [supervisor], byAddress: [aTrace('r', [supervisor])] },
    { verdict: 'reply', author: supervisor },
    by(supervisor),
  ],
  [
    'one of several mails answered was the agent’s own: it is enough',
    { staff: [voirie], byMessageId: [aTrace('r', [nora]), aTrace('r', [voirie])] },
    { verdict: 'reply', author: voirie },
    by(voirie),
  ],
  [
    'an agent who wrote as a citizen answers as one',
    {
      staff: [jeanne],
      byAddress: [{ ...aTrace('r', [{ ...nora, address: jeanne.address }]), citizenAddress: jeanne.address }],
    },
    { verdict: 'reply', author: { role: 'citizen', address: jeanne.address } },
    by(jeanne),
  ],
  ['an agent without a trace opens a request', { staff: [voirie] }, { verdict: 'new' }, by(voirie)],
];

describe('routeEmail', () => {
  test.each(ROWS)('%s', (_sentence, clues, expected, email) => {
    expect(routeEmail(aReceivedEmail(email), someClues(clues))).toMatchObject(expected);
  });

  test.each(ROWS)('%s: and says why', (_sentence, clues, _expected, email) => {
    const { reasons }: Route = routeEmail(aReceivedEmail(email), someClues(clues));
    expect(reasons.length).toBeGreaterThan(0);
    for (const reason of reasons) expect(reason).not.toMatch(/@/);
  });
});

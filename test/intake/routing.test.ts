import { describe, expect, test } from 'vitest';
import type { ReceivedEmail } from '../../src/domain/received-email.ts';
import {
  ACKNOWLEDGEMENTS_PER_SENDER_A_DAY,
  MAILS_PER_THREAD,
  routeEmail,
  type BouncedMail,
  type Clues,
  type Route,
} from '../../src/domain/routing.ts';
import { aReceivedEmail, aTrace, PEOPLE, someClues, withHeaders } from './received.ts';

/** What is known of a mail, and what it is then: first match wins. */

const { nora, desk, voirie, jeanne, urbanisme, supervisor } = PEOPLE;

type Row = [sentence: string, clues: Partial<Clues>, expected: object, email?: Partial<ReceivedEmail>];

const by = ({ name, address }: { name: string; address: string }) => ({ from: [{ name, address }] });
const stranger = by({ name: 'Paul', address: 'paul@example.org' });
const headers = withHeaders({ 'auto-submitted': 'auto-replied' });
const robot = 'automatic_reply';

const reply = (requestId: string, author?: object) => ({
  verdict: 'reply',
  replies: [{ requestId, ...(author === undefined ? {} : { author }) }],
});
const twice = { doubledFields: ['from'] };
const damaged = { byDamagedAddress: [aTrace('r')] };
const failed: BouncedMail = {
  outboundId: 'o',
  requestId: 'r',
  bounce: {
    recipient: 'nora@gmial.example',
    status: '5.1.1',
    hard: true,
    originalMessageId: '<o@plassans.fr>',
    isDelayed: false,
    cause: 'unknown_address',
    diagnostic: 'User unknown',
  },
};

const ROWS: Row[] = [
  ['nothing is known: a new request', {}, { verdict: 'new', acknowledge: true }],
  ['our own mail is ignored', { isOurs: true, byAddress: [aTrace('r', [nora])] }, { verdict: 'ignore' }],
  ['a duplicate is ignored', { isDuplicate: true, byAddress: [aTrace('r', [nora])] }, { verdict: 'ignore' }],
  ['a robot that answers nothing of ours is archived', { robot }, { verdict: 'archive' }, headers],
  [
    'a robot that answers is recorded',
    { robot, byMessageId: [aTrace('r', [nora])] },
    { verdict: 'automatic', requestId: 'r' },
    headers,
  ],
  [
    'an agent’s robot is no agent',
    { robot, staff: [desk], byAddress: [aTrace('r', [desk])] },
    { verdict: 'automatic' },
    headers,
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
  ['the citizen, by their signed address', { byAddress: [aTrace('r', [nora])] }, reply('r', nora)],
  ['the citizen, answering a mail of ours', { byMessageId: [aTrace('r', [nora])] }, reply('r', nora)],
  ['the citizen, answering their own mail', { byMessageId: [aTrace('r')] }, reply('r', nora)],
  ['the citizen, by the number', { bySubject: [aTrace('r')] }, reply('r', nora)],
  ['the signed address beats the thread', { byAddress: [aTrace('a')], byMessageId: [aTrace('b')] }, reply('a')],
  ['the thread beats the number', { byMessageId: [aTrace('a')], bySubject: [aTrace('b')] }, reply('a')],
  [
    'one mail to two requests reaches both, each once',
    { byAddress: [aTrace('a'), aTrace('b'), aTrace('a')] },
    {
      verdict: 'reply',
      replies: [
        { requestId: 'a', author: nora },
        { requestId: 'b', author: nora },
      ],
    },
  ],
  [
    'of two requests, one where an agent proves nothing: it is held, whole',
    { staff: [voirie], byAddress: [aTrace('a', [voirie]), aTrace('b', [desk])] },
    { verdict: 'hold', why: 'unauthenticated', suggestion: { requestId: 'b' } },
    by(voirie),
  ],
  ['the same request twice is not two', { byAddress: [aTrace('a'), aTrace('a')] }, reply('a')],
  [
    'a stranger’s number proves nothing: it is held, with a proposal',
    { bySubject: [aTrace('r')] },
    { verdict: 'hold', why: 'stranger', suggestion: { requestId: 'r' }, agent: null },
    stranger,
  ],
  ['a damaged address is the citizen’s reply, from the citizen', damaged, reply('r', nora)],
  [
    'a damaged address is a proposal, from a stranger',
    damaged,
    { verdict: 'hold', why: 'damaged_address', suggestion: { requestId: 'r' } },
    stranger,
  ],
  [
    'a damaged address proves no agent',
    { ...damaged, staff: [desk] },
    { verdict: 'hold', why: 'unauthenticated', agent: desk },
    by(desk),
  ],
  [
    'an answer to a mail of ours about no request is held',
    { answersUnplaced: true, staff: [supervisor] },
    { verdict: 'hold', why: 'ambiguous', suggestion: null },
    by(supervisor),
  ],
  [
    'the desk’s own mail, with two From headers, is nobody’s',
    { staff: [desk], byAddress: [aTrace('r', [desk])] },
    { verdict: 'hold', why: 'unauthenticated' },
    { ...by(desk), ...twice },
  ],
  ['a citizen’s mail with two From headers is theirs', { byAddress: [aTrace('r', [nora])] }, reply('r', nora), twice],
  [
    'with our server’s word needed and given, the agent acts',
    { needsProof: true, proof: 'pass', staff: [desk], byAddress: [aTrace('r', [desk])] },
    reply('r', desk),
    by(desk),
  ],
  ...(['none', 'fail'] as const).map(
    (proof): Row => [
      `with our server’s word needed, and « ${proof} », the agent is asked`,
      { needsProof: true, proof, staff: [desk], byAddress: [aTrace('r', [desk])] },
      { verdict: 'hold', why: 'unauthenticated', agent: desk, suggestion: { requestId: 'r' } },
      by(desk),
    ],
  ),
  [
    'a forgery is never an agent’s, even when nobody needs our server’s word',
    { proof: 'fail', staff: [desk], byAddress: [aTrace('r', [desk])] },
    { verdict: 'hold', why: 'unauthenticated' },
    by(desk),
  ],
  ['a forged citizen’s new mail is not answered', { proof: 'fail' }, { verdict: 'new', acknowledge: false }],
  ['a citizen needs nobody’s word', { needsProof: true, byAddress: [aTrace('r', [nora])] }, reply('r', nora)],
  [
    'a report on mails of ours is theirs',
    { bounced: [failed], robot: 'delivery_report' },
    { verdict: 'bounce', bounces: [failed] },
  ],
  [
    'a report that names no mail is shown on the last request of that address',
    { bounced: [], bouncedFor: aTrace('r'), robot: 'delivery_report' },
    { verdict: 'automatic', requestId: 'r' },
  ],
  [
    'a report that names no mail, sent to a signed address, is shown there',
    { bounced: [], byAddress: [aTrace('r')], robot: 'delivery_report' },
    { verdict: 'automatic', requestId: 'r' },
  ],
  [
    'mass mail that answers us is a robot’s',
    { robot: 'bulk', byAddress: [aTrace('r', [nora])] },
    { verdict: 'automatic', requestId: 'r' },
  ],
  ['mass mail that answers nothing is a request', { robot: 'bulk' }, { verdict: 'new' }],
  [
    'a list’s mail that answers us is a person’s',
    { robot: 'list', byAddress: [aTrace('r', [nora])] },
    reply('r', nora),
  ],
  ['a report on nothing of ours is archived', { bounced: [], robot: 'delivery_report' }, { verdict: 'archive' }],
  [
    'an agent’s forward opens a request for the first sender',
    { staff: [voirie], isForward: true, hasForwarded: true },
    { verdict: 'forward', forwarder: voirie },
    by(voirie),
  ],
  [
    'an agent’s forward of nobody’s words is explained',
    { staff: [voirie], isForward: true },
    { verdict: 'forward_help', forwarder: voirie },
    by(voirie),
  ],
  ['a citizen’s forward is a request of their own', { isForward: true, hasForwarded: true }, { verdict: 'new' }],
  [
    'an agent who forwards within a request answers it',
    { staff: [desk], isForward: true, hasForwarded: true, byAddress: [aTrace('r', [desk])] },
    reply('r', desk),
    by(desk),
  ],
  [
    'the tenth mail of a sender about a request in ten minutes is applied',
    { byAddress: [aTrace('r', [nora])], recently: new Map([['r', MAILS_PER_THREAD - 1]]) },
    reply('r', nora),
  ],
  [
    'the eleventh is held',
    { byAddress: [aTrace('r', [nora])], recently: new Map([['r', MAILS_PER_THREAD]]) },
    { verdict: 'hold', why: 'too_many', suggestion: { requestId: 'r' }, agent: null },
  ],
  [
    'the same words again are a request without an answer',
    { openedToday: 1, isRepeated: true },
    { verdict: 'new', acknowledge: false },
  ],
  ['a web form is acknowledged to whoever filled it in', { throughForm: true }, { verdict: 'new', acknowledge: true }],
  [
    'a person said: new, whatever it answers',
    { ruling: { as: 'new' }, byAddress: [aTrace('r')] },
    { verdict: 'new' },
    stranger,
  ],
  [
    'a person said: of this request, the citizen’s',
    { ruling: { as: 'attach', requestId: 'r' }, ruledTrace: aTrace('r') },
    reply('r', nora),
  ],
  [
    'a person said: of this request, a stranger’s',
    { ruling: { as: 'attach', requestId: 'r' }, ruledTrace: aTrace('r') },
    reply('r', { role: 'third_party' }),
    stranger,
  ],
  [
    'attached by a person, an agent’s unproven words are no agent’s',
    { ruling: { as: 'attach', requestId: 'r' }, staff: [desk], byAddress: [aTrace('r', [desk])] },
    reply('r', { role: 'third_party' }),
    by(desk),
  ],
  [
    'an agent said: it is mine',
    { ruling: { as: 'mine', requestId: 'r' }, needsProof: true, staff: [voirie], byAddress: [aTrace('r', [desk])] },
    reply('r', voirie),
    by(voirie),
  ],
  [
    'a person’s word stands before the quota',
    { ruling: { as: 'attach', requestId: 'r' }, recently: new Map([['r', 99]]) },
    reply('r'),
  ],
  [
    'a stranger with a key is a third party',
    { byAddress: [aTrace('r', [nora])] },
    reply('r', { role: 'third_party', department: null, name: 'Paul', address: 'paul@example.org' }),
    stranger,
  ],
  [
    'a stranger with the desk’s key is a third party too',
    { byAddress: [aTrace('r', [desk])] },
    reply('r', { role: 'third_party' }),
    stranger,
  ],
  ['the desk, by its own mail', { staff: [desk], byAddress: [aTrace('r', [desk])] }, reply('r', desk), by(desk)],
  [
    'the desk’s address with the citizen’s key is held',
    { staff: [desk], byAddress: [aTrace('r', [nora])] },
    { verdict: 'hold', why: 'unauthenticated', suggestion: { requestId: 'r' } },
    by(desk),
  ],
  [
    'the desk’s address with only the number is held',
    { staff: [desk], bySubject: [aTrace('r')] },
    { verdict: 'hold', why: 'unauthenticated', suggestion: { requestId: 'r' } },
    by(desk),
  ],
  [
    'an agent answers in their own name a mail to their office',
    { staff: [jeanne], byAddress: [aTrace('r', [voirie])] },
    reply('r', jeanne),
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
    reply('r', supervisor),
    by(supervisor),
  ],
  [
    'one of several mails answered was the agent’s own: it is enough',
    { staff: [voirie], byMessageId: [aTrace('r', [nora]), aTrace('r', [voirie])] },
    reply('r', voirie),
    by(voirie),
  ],
  [
    'an agent who wrote as a citizen answers as one',
    {
      staff: [jeanne],
      byAddress: [{ ...aTrace('r', [{ ...nora, address: jeanne.address }]), citizenAddress: jeanne.address }],
    },
    reply('r', { role: 'citizen', address: jeanne.address }),
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

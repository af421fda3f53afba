import { describe, expect, test } from 'vitest';
import { decide, type Act } from '../../src/domain/decide.ts';
import type { Decision, Refusal } from '../../src/domain/decision.ts';
import type { Person } from '../../src/domain/people.ts';
import type { RequestState } from '../../src/domain/request.ts';
import { actionsOpenTo } from '../../src/domain/standing.ts';
import {
  ACTIONS,
  ASKS,
  CITIZEN_ACTIONS,
  MAIL_KINDS,
  OUTCOMES,
  PAGE_ACTIONS,
  STATUSES,
  WORKFLOW,
  type Action,
  type MailKind,
  type Outcome,
  type Status,
} from '../../src/domain/workflow.ts';
import {
  aClosing,
  anAct,
  aRequest,
  DESK_PERSON,
  JEANNE,
  LUCIE,
  NEIGHBOUR,
  NORA,
  NOW,
  PAUL,
  someRules,
  SUPERVISOR,
  URBANISME,
  VOIRIE,
} from './plassans.ts';

/**
 * The design's table, written a second time and by people's sight: to whom each action is open, from where to where,
 * who is told. A request held by `voirie` is shared with Paul, of another department.
 */
type Who =
  | 'desk'
  | 'desk, holding'
  | 'holding department'
  | 'supervisor'
  | 'guest'
  | 'whoever decided'
  | 'citizen'
  | 'newcomer'
  | 'third party';

interface Row {
  who: readonly Who[];
  /** `from → to`, of a request that an agent is in charge of. */
  moves: readonly string[];
  /** Whoever does not hold it leaves its status as it is. */
  othersStay?: true;
  needsWords?: true;
  outcome?: Outcome;
  movesTo?: 'desk' | 'urbanisme';
  /** Only while a department holds it. */
  onlyAway?: true;
  assigns?: 'actor' | 'chosen' | 'nobody';
  /** `kind → office or person`; `office` is whoever holds it afterwards, `left` the department that no longer does. */
  mails: readonly string[];
}

const OPEN = ['new', 'in_progress', 'awaiting_citizen', 'on_hold'] as const;
const HOLDER = ['desk, holding', 'holding department'] as const;
const STAFF = ['desk', 'holding department', 'supervisor'] as const;

const closing = OPEN.map((status) => `${status} → closed`);
const openSame = OPEN.map((status) => `${status} → ${status}`);
const same = [...openSame, 'closed → closed'];
const back = OPEN.map((status) => `${status} → new`);

const DESIGN: Record<Action, Row> = {
  take_charge: { who: HOLDER, moves: ['new → in_progress'], assigns: 'actor', mails: ['taken_in_charge → citizen'] },
  assign: { who: [...HOLDER, 'supervisor'], moves: openSame, assigns: 'chosen', mails: ['assignment → agent'] },
  transfer: {
    who: ['desk', 'supervisor'],
    moves: back,
    needsWords: true,
    movesTo: 'urbanisme',
    assigns: 'nobody',
    mails: ['transferred → office', 'transferred_citizen → citizen', 'recalled → left'],
  },
  recall: {
    who: ['desk', 'supervisor'],
    moves: back,
    needsWords: true,
    movesTo: 'desk',
    onlyAway: true,
    assigns: 'nobody',
    mails: ['recalled → left'],
  },
  send_back: {
    who: ['holding department'],
    moves: ['new → new', 'in_progress → new'],
    needsWords: true,
    movesTo: 'desk',
    assigns: 'nobody',
    mails: ['sent_back → desk'],
  },
  request_correction: {
    who: HOLDER,
    moves: ['new → awaiting_citizen', 'in_progress → awaiting_citizen'],
    needsWords: true,
    mails: ['correction → citizen'],
  },
  hold: { who: HOLDER, moves: ['in_progress → on_hold'], needsWords: true, mails: [] },
  resume: { who: HOLDER, moves: ['on_hold → in_progress'], mails: [] },
  accept: { who: HOLDER, moves: closing, outcome: 'accepted', mails: ['decision → citizen', 'decision_copy → desk'] },
  refuse: {
    who: HOLDER,
    moves: closing,
    needsWords: true,
    outcome: 'refused',
    mails: ['decision → citizen', 'decision_copy → desk'],
  },
  answer: { who: HOLDER, moves: closing, needsWords: true, outcome: 'answered', mails: ['answer → citizen'] },
  drop: {
    who: ['desk'],
    moves: closing,
    needsWords: true,
    outcome: 'dropped',
    movesTo: 'desk',
    mails: ['dropped → citizen', 'recalled → left'],
  },
  merge: {
    who: ['desk'],
    moves: closing,
    outcome: 'duplicate',
    movesTo: 'desk',
    mails: ['duplicate → citizen', 'recalled → left'],
  },
  reorient: {
    who: ['desk'],
    moves: closing,
    needsWords: true,
    outcome: 'reoriented',
    movesTo: 'desk',
    mails: ['reoriented → citizen', 'recalled → left'],
  },
  discard: { who: ['desk'], moves: closing, outcome: 'discarded', movesTo: 'desk', mails: ['recalled → left'] },
  withdraw: {
    who: ['citizen'],
    moves: closing,
    outcome: 'withdrawn',
    mails: ['withdrawn → office', 'withdrawn → desk', 'withdrawn_citizen → citizen'],
  },
  reopen: {
    who: ['citizen', 'desk', 'supervisor'],
    moves: ['closed → new'],
    needsWords: true,
    mails: ['reopened → office', 'reopened → desk', 'reopened_citizen → citizen'],
  },
  undo: { who: ['whoever decided'], moves: ['closed → in_progress'], mails: [] },
  message: {
    who: [...HOLDER, 'desk'],
    othersStay: true,
    moves: [...openSame.slice(1), 'new → in_progress'],
    needsWords: true,
    mails: ['message → citizen'],
  },
  draft: {
    who: HOLDER,
    moves: [...openSame.slice(1), 'new → in_progress'],
    needsWords: true,
    mails: ['draft_saved → actor'],
  },
  note: { who: [...STAFF, 'guest'], moves: same, needsWords: true, mails: ['internal_message → colleague'] },
  attach: { who: [...STAFF, 'guest'], moves: same, mails: [] },
  milestone: { who: STAFF, moves: same, mails: [] },
  label: { who: STAFF, moves: same, mails: [] },
  edit: { who: STAFF, moves: same, mails: ['confirm_address → newcomer'] },
  share: { who: STAFF, moves: same, mails: ['invitation → colleague invited'] },
  unshare: { who: STAFF, moves: same, mails: [] },
  freeze: { who: ['desk', 'supervisor'], moves: same, needsWords: true, mails: [] },
  unfreeze: { who: ['desk', 'supervisor'], moves: same, mails: [] },
  confirm_address: { who: ['newcomer'], moves: same, mails: ['address_changed → citizen'] },
  citizen_reply: {
    who: ['citizen', 'newcomer'],
    moves: [
      'new → new',
      'in_progress → in_progress',
      'awaiting_citizen → in_progress',
      'on_hold → in_progress',
      'closed → closed',
    ],
    mails: ['reply_received → office'],
  },
  third_party_message: { who: ['third party'], moves: same, mails: ['reply_received → office'] },
};

const NEWCOMER: Person = { ...NORA, address: 'nora@nouvelle.fr' };
const EVERYBODY: Record<string, Person> = {
  'the desk': DESK_PERSON,
  'an agent of the desk': LUCIE,
  'a department': VOIRIE,
  'its agent': JEANNE,
  'another department': URBANISME,
  'a colleague it is shared with': PAUL,
  'the supervisor': SUPERVISOR,
  'the citizen': NORA,
  'the address to come': NEWCOMER,
  'a neighbour': NEIGHBOUR,
  'the system': { role: 'system', department: null, name: '', address: '' },
};

const rules = someRules();

/** Everything that an action asks for, so that only standing decides. */
function wholeAct(action: Action, actor: Person, changes: Partial<Act> = {}): Act {
  return anAct(action, actor, {
    agent: actor.role === 'supervisor' || actor.role === 'department' ? JEANNE.address : LUCIE.address,
    colleague: URBANISME.address,
    guest: PAUL.address,
    until: '2026-05-04',
    administration: 'Préfecture',
    original: { id: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1c', reference: '2026-000007', citizenAddress: NORA.address },
    milestone: 'Visite sur place',
    labels: ['urgent'],
    fields: [{ field: 'citizenAddress', was: NORA.address, value: 'nora@ailleurs.fr' }],
    hasAttachments: action === 'attach',
    ...changes,
  });
}

function aCase(status: Status, holder: string): RequestState {
  const isClosed = status === 'closed';
  return aRequest({
    status,
    holder,
    holdingNo: 3,
    outcome: isClosed ? 'accepted' : null,
    closedAt: isClosed ? new Date(NOW.getTime() - 30_000) : null,
    assignee: 'somebody@plassans.fr',
    sharedWith: [PAUL.address],
    pendingAddress: NEWCOMER.address,
  });
}

function decideCase(action: Action, actor: Person, status: Status, holder: string): Decision {
  const request = aCase(status, holder);
  const decider = holder === 'desk' ? DESK_PERSON : VOIRIE;
  const undoable = action === 'undo' && status === 'closed' ? { ...request, closing: aClosing(decider) } : request;
  return decide(asNeeded(action, undoable), wholeAct(action, actor, agentOf(holder)), rules, NOW);
}

/** Only what is frozen can be thawed. */
function asNeeded(action: Action, request: RequestState): RequestState {
  return action === 'unfreeze' ? { ...request, frozenAt: NOW, frozenReason: 'Contentieux' } : request;
}

function agentOf(holder: string): Partial<Act> {
  return { agent: holder === 'desk' ? LUCIE.address : JEANNE.address };
}

function isOpenTo(who: readonly Who[], actor: Person, holder: string): boolean {
  const isHolding = actor.role === 'desk' ? holder === 'desk' : actor.department === holder;
  const decider = holder === 'desk' ? DESK_PERSON : VOIRIE;
  const seenAs: Who[] = [
    ...(actor.role === 'desk' ? ['desk' as const] : []),
    ...(actor.role === 'desk' && isHolding ? ['desk, holding' as const] : []),
    ...(actor.role === 'department' && isHolding ? ['holding department' as const] : []),
    ...(actor === PAUL ? ['guest' as const] : []),
    ...(actor.role === 'supervisor' ? ['supervisor' as const] : []),
    ...(actor === NORA ? ['citizen' as const] : []),
    ...(actor === NEWCOMER ? (['citizen', 'newcomer'] as const) : []),
    ...(actor.role === 'third_party' ? ['third party' as const] : []),
    ...(actor === decider ? ['whoever decided' as const] : []),
  ];
  return seenAs.some((each) => who.includes(each));
}

/** `status holder outcome assignee`, or `refused`. */
function expectedEnd(action: Action, status: Status, actor: Person, holder: string): string {
  const { who, moves, movesTo = holder, outcome, assigns, onlyAway, othersStay } = DESIGN[action];
  const to = moves.find((move) => move.startsWith(`${status} →`))?.split(' → ')[1];
  const isThere = (onlyAway && holder === 'desk') || (action === 'transfer' && holder === 'urbanisme');
  if (!isOpenTo(who, actor, holder) || to === undefined || isThere) return 'refused';
  if (action === 'assign' && agentOf(holder).agent === undefined) return 'refused';
  const kept = movesTo === holder ? 'somebody@plassans.fr' : null;
  const assignees = {
    actor: actor.address,
    chosen: agentOf(holder).agent,
    nobody: null,
    undo: 'j.martin@plassans.fr',
  };
  const assignee = action === 'undo' ? assignees.undo : assigns === undefined ? kept : assignees[assigns];
  const end = othersStay && !isOpenTo(HOLDER, actor, holder) ? status : to;
  return [end, movesTo, end === 'closed' ? (outcome ?? 'accepted') : null, assignee].join(' ');
}

function endOf(decision: Decision, status: Status, holder: string): string {
  if (!decision.done) return 'refused';
  const after = { ...aCase(status, holder), ...decision.changes };
  return [after.status, after.holder, after.outcome, after.assignee].join(' ');
}

describe('every action, in every status and with every holder, by everybody', () => {
  test.each(ACTIONS)('%s does what the design says, and nothing else', (action) => {
    const differences: string[] = [];
    let looked = 0;
    for (const status of STATUSES) {
      for (const holder of ['desk', 'voirie']) {
        for (const [name, actor] of Object.entries(EVERYBODY)) {
          const found = endOf(decideCase(action, actor, status, holder), status, holder);
          const wanted = expectedEnd(action, status, actor, holder);
          looked += 1;
          if (found !== wanted) differences.push(`${status} at ${holder}, ${name}: ${found} instead of ${wanted}`);
        }
      }
    }
    expect(differences).toEqual([]);
    expect(looked).toBe(STATUSES.length * 2 * Object.keys(EVERYBODY).length);
  });

  test('C03: a page offers exactly the actions that would be accepted', () => {
    const differences: string[] = [];
    for (const status of STATUSES) {
      for (const holder of ['desk', 'voirie']) {
        for (const [name, actor] of Object.entries(EVERYBODY)) {
          const offered = actionsOpenTo(aCase(status, holder), actor, rules, NOW);
          const isOffered = (action: Action) => {
            const act = wholeAct(action, actor, agentOf(holder));
            return PAGE_ACTIONS.includes(action) && decide(aCase(status, holder), act, rules, NOW).done;
          };
          const accepted = ACTIONS.filter(isOffered);
          if (offered.join() !== accepted.join()) differences.push(`${status} ${holder} ${name}`);
        }
      }
    }
    expect(differences).toEqual([]);
  });

  test('no page offers an agent to speak for a citizen or for a stranger', () => {
    const theirs: Action[] = ['citizen_reply', 'third_party_message', 'withdraw', 'confirm_address'];
    expect(PAGE_ACTIONS.filter((action) => theirs.includes(action))).toEqual([]);
    expect(CITIZEN_ACTIONS).toEqual(['reopen', 'withdraw', 'confirm_address', 'citizen_reply']);
  });

  test('N22: a colleague with whom it is shared reads it, notes, adds a file, and nothing else', () => {
    for (const status of STATUSES) {
      for (const holder of ['desk', 'voirie']) {
        expect(actionsOpenTo(aCase(status, holder), PAUL, rules, NOW)).toEqual(['note', 'attach']);
        expect(actionsOpenTo(aCase(status, holder), URBANISME, rules, NOW)).toEqual([]);
      }
    }
  });
});

describe('who is mailed', () => {
  /** The action is taken by whoever may, of a request at `voirie`; else of one at the desk. */
  test.each(ACTIONS)('J19: %s tells whom the design says, and nobody else', (action) => {
    for (const holder of ['voirie', 'desk']) {
      for (const actor of Object.values(EVERYBODY)) {
        for (const status of STATUSES) {
          const decision = decideCase(action, actor, status, holder);
          if (!decision.done) continue;
          const mails = decision.mails.map(({ kind, to }) => `${kind} → ${to.address}`).toSorted();
          expect([holder, actor.address, status, mails]).toEqual([
            holder,
            actor.address,
            status,
            expectedMails(action, actor, holder),
          ]);
        }
      }
    }
  });
});

function expectedMails(action: Action, actor: Person, holder: string): string[] {
  const { mails, movesTo = holder } = DESIGN[action];
  const office = (id: string) => ({ desk: DESK_PERSON, voirie: VOIRIE, urbanisme: URBANISME })[id]?.address ?? '';
  const isGuest = actor === PAUL;
  const people: Record<string, string> = {
    citizen: NORA.address,
    agent: agentOf(holder).agent ?? '',
    newcomer: 'nora@ailleurs.fr',
    actor: actor.address,
    desk: office('desk'),
    office: office(movesTo),
    left: holder === 'desk' ? '' : office(holder),
    colleague: office(actor.role === 'department' && !isGuest ? 'desk' : holder),
    'colleague invited': URBANISME.address,
  };
  const actorsOffice = actor.role === 'desk' ? office('desk') : office(actor.department ?? '');
  const isEcho = (kind: string) =>
    ['withdrawn_citizen', 'reopened_citizen', 'draft_saved', 'address_changed'].includes(kind);
  const told = mails
    .map((mail) => mail.split(' → '))
    .map(([kind = '', to = '']) => ({ kind, address: people[to] ?? '' }))
    .filter(({ kind, address }) => address !== '' && (isEcho(kind) || address !== actorsOffice))
    .filter(({ kind, address }) => kind !== 'assignment' || address !== actor.address)
    .map(({ kind, address }) => `${kind} → ${address}`);
  return [...new Set(told)].toSorted();
}

describe('a text', () => {
  const needing = ACTIONS.filter((action) => DESIGN[action].needsWords);

  test.each(needing)('%s is refused without one', (action) => {
    const [request, actor] = whereItWorks(action);
    for (const comment of ['', '  \n\t', '\u00a0']) {
      expect(decide(request, wholeAct(action, actor, { comment, ...agentOf(request.holder) }), rules, NOW)).toEqual(
        refusal('comment_required'),
      );
    }
  });

  test.each(ACTIONS.filter((action) => !needing.includes(action)))('%s needs none', (action) => {
    const [request, actor] = whereItWorks(action);
    const act = wholeAct(action, actor, { comment: '', ...agentOf(request.holder) });
    expect(decide(request, act, rules, NOW).done).toBe(true);
  });

  test('C25: a town hall may want one for more actions; then they are refused without one', () => {
    const strict = someRules({ lists: { ...rules.lists, commentsRequired: ['accept', 'share', 'citizen_reply'] } });
    for (const action of ['accept', 'share'] as const) {
      const [request, actor] = whereItWorks(action);
      const silent = wholeAct(action, actor, { comment: '' });
      expect(decide(request, silent, strict, NOW)).toEqual(refusal('comment_required'));
      expect(decide(request, { ...silent, comment: 'Vu.' }, strict, NOW).done).toBe(true);
    }
  });

  test('a file alone says something: a message of the desk with only a plan attached leaves', () => {
    const act = anAct('message', DESK_PERSON, { comment: '', hasAttachments: true });
    expect(decide(aRequest(), act, rules, NOW).done).toBe(true);
  });
});

/** A request and a person with whom the action works. */
function whereItWorks(action: Action): [RequestState, Person] {
  for (const holder of ['voirie', 'desk']) {
    for (const status of STATUSES) {
      for (const actor of Object.values(EVERYBODY)) {
        if (!decideCase(action, actor, status, holder).done) continue;
        const request = asNeeded(action, aCase(status, holder));
        return [action === 'undo' ? { ...request, closing: aClosing(actor) } : request, actor];
      }
    }
  }
  throw new Error(`${action} never works`);
}

describe('a refusal says what is in the way', () => {
  const closed = { status: 'closed', outcome: 'refused' } as const;
  test.each<[string, Action, Person, Partial<RequestState>, Refusal]>([
    ['the second of two agents who decide', 'accept', DESK_PERSON, closed, 'closed_already'],
    ['freezing what is frozen', 'freeze', DESK_PERSON, { frozenAt: NOW }, 'frozen_already'],
    ['thawing what is not frozen', 'unfreeze', DESK_PERSON, {}, 'not_frozen'],
    ['anything on what was forgotten', 'note', DESK_PERSON, { ...closed, anonymisedAt: NOW }, 'forgotten'],
    ['taking up what is taken up', 'take_charge', DESK_PERSON, { status: 'in_progress' }, 'status_forbids'],
    ['reopening what is open', 'reopen', DESK_PERSON, {}, 'status_forbids'],
    ['putting on hold what nobody took up', 'hold', DESK_PERSON, {}, 'status_forbids'],
    ['resuming what goes on', 'resume', DESK_PERSON, { status: 'in_progress' }, 'status_forbids'],
    ['a department whose request went elsewhere', 'accept', VOIRIE, { holder: 'urbanisme' }, 'not_yours'],
    ['the desk deciding what a department holds', 'refuse', DESK_PERSON, { holder: 'voirie' }, 'not_yours'],
    ['a department that would transfer', 'transfer', VOIRIE, { holder: 'voirie' }, 'not_allowed'],
    ['a department that would drop it', 'drop', VOIRIE, { holder: 'voirie' }, 'not_allowed'],
    ['a supervisor who would decide', 'accept', SUPERVISOR, {}, 'not_yours'],
    ['a transfer to where it is', 'transfer', DESK_PERSON, { holder: 'urbanisme' }, 'held_there_already'],
    ['recalling what never left the desk', 'recall', DESK_PERSON, {}, 'held_there_already'],
  ])('%s', (_who, action, actor, state, reason) => {
    expect(decide(aRequest(state), wholeAct(action, actor), rules, NOW)).toEqual(refusal(reason));
  });
});

describe('the table', () => {
  test('leads out of every status, and to every status', () => {
    const steps = ACTIONS.flatMap((action) => Object.entries(WORKFLOW[action].moves)).filter(
      ([from, to]) => from !== to,
    );
    expect(new Set(steps.map(([from]) => from))).toEqual(new Set(STATUSES));
    expect(new Set(steps.map(([, to]) => to))).toEqual(new Set(STATUSES));
  });

  test('leads from every status to the end, and from the end to every status', () => {
    for (const from of STATUSES)
      expect([from, [...reachableFrom(from)].toSorted()]).toEqual([from, [...STATUSES].toSorted()]);
  });

  test('says back to what it was for an undo alone: no move says where that is', () => {
    const restoring = ACTIONS.filter((action) => WORKFLOW[action].restores);
    expect(restoring).toEqual(['undo']);
    expect(restoring.map((action) => WORKFLOW[action].moves)).toEqual([{}]);
  });

  test('gives an outcome to what closes, and to nothing else; each outcome has one action', () => {
    for (const action of ACTIONS) {
      const { moves, outcome } = WORKFLOW[action];
      const closes = Object.entries(moves).some(([from, to]) => to === 'closed' && from !== 'closed');
      expect([action, outcome !== undefined]).toEqual([action, closes]);
    }
    const given = ACTIONS.flatMap((action) => WORKFLOW[action].outcome ?? []);
    expect(given.toSorted()).toEqual([...OUTCOMES].toSorted());
  });

  test('asks for nothing that no rule knows, and every ask is asked by an action', () => {
    const asked = new Set(ACTIONS.flatMap((action) => WORKFLOW[action].asks ?? []));
    expect([...asked].toSorted()).toEqual([...ASKS].toSorted());
  });

  test('sends every kind of mail, but for those that no action of a person sends', () => {
    const sent = new Set<MailKind>(ACTIONS.flatMap((action) => WORKFLOW[action].mails.map(({ kind }) => kind)));
    const others: MailKind[] = [
      // When a request opens, and what the clock does.
      ...(['acknowledgement', 'new_request', 'reminder', 'legal_alarm', 'status_report', 'resumed'] as const),
      ...(['citizen_reminder', 'citizen_silent', 'lapsed_citizen', 'basket', 'monthly_report'] as const),
      ...(['deletion_notice', 'deletion_report'] as const),
      // Beside an action's own mails.
      ...(['arbitration', 'receipt', 'mention', 'mention_unknown'] as const),
      // What is about a mail, or a link.
      ...(['undelivered', 'held_email', 'confirm_email', 'not_done', 'fresh_link', 'follow_link'] as const),
      ...(['my_requests', 'code', 'forward_help', 'command_done', 'command_help'] as const),
      // To whoever looks after Guichet.
      ...(['config_changed', 'config_refused', 'preview'] as const),
    ];
    expect([...sent, ...others].toSorted()).toEqual([...MAIL_KINDS].toSorted());
  });

  test('writes to a citizen only what the citizen is meant to read', () => {
    const internal: MailKind[] = ['recalled', 'sent_back', 'internal_message', 'reply_received', 'decision_copy'];
    for (const action of ACTIONS) {
      const toCitizen = WORKFLOW[action].mails.filter(({ to }) => to === 'citizen').map(({ kind }) => kind);
      expect(toCitizen.filter((kind) => internal.includes(kind))).toEqual([]);
    }
  });
});

function reachableFrom(start: Status): Set<Status> {
  const reached = new Set<Status>();
  const steps = ACTIONS.flatMap((action) => Object.entries(WORKFLOW[action].moves) as [Status, Status][]);
  for (let next: Status[] = [start]; next.length > 0; ) {
    next = steps.filter(([from, to]) => next.includes(from) && !reached.has(to)).map(([, to]) => to);
    for (const status of next) reached.add(status);
  }
  return reached;
}

function refusal(reason: Refusal): Decision {
  return { done: false, refusal: reason };
}

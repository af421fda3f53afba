import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CLOSINGS } from '../src/domain/workflow-closings.ts';
import { KEEPING } from '../src/domain/workflow-keeping.ts';
import { TREATMENT } from '../src/domain/workflow-treatment.ts';
import { ACTIONS, STATUSES, WORKFLOW, type Action, type Status, type Transition } from '../src/domain/workflow.ts';

// npx node docs/workflow-diagram.ts: writes the README's diagram and tables anew, from the workflow itself.

const README = fileURLToPath(new URL('../README.md', import.meta.url));
const BEGIN = '<!-- workflow: written by docs/workflow-diagram.ts -->';
const END = '<!-- /workflow -->';

/** The text with what stands between the markers replaced. */
export function withWorkflow(text: string): string {
  const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (from < 0 || to < from) throw new Error('the README has lost the markers of its workflow');
  const generated = [
    '',
    '```mermaid',
    ...diagram(),
    '```',
    '',
    'From every open status:',
    '',
    ...legend(),
    '',
    ...tables(),
    '',
  ].join('\n');
  return text.slice(0, from + BEGIN.length) + generated + text.slice(to);
}

const OPEN = STATUSES.filter((status) => status !== 'closed');

/** What leads from every open status to the same one: an arrow each would hide the others. */
const EVERYWHERE = [
  { to: 'closed', name: 'an ending' },
  { to: 'new', name: 'a handover' },
] as const;

function diagram(): string[] {
  const labels = new Map<string, Set<string>>([['[*] --> new', new Set(['receive'])]]);
  for (const { from, to, label } of ACTIONS.flatMap(stepsOf)) {
    const arrow = `${from} --> ${to}`;
    labels.set(arrow, (labels.get(arrow) ?? new Set()).add(label));
  }
  const arrows = [...labels].map(([arrow, words]) => `  ${arrow} : ${[...words].join(', ')}`);
  return ['stateDiagram-v2', '  direction LR', ...arrows, '  closed --> [*]'];
}

function legend(): string[] {
  return EVERYWHERE.map(({ to, name }) => {
    const actions = ACTIONS.filter((action) => leadsEverywhereTo(to, action)).map((action) => `\`${action}\``);
    return `- *${name}*: ${actions.join(', ')}`;
  });
}

interface Step {
  from: Status;
  to: Status;
  label: string;
}

/** Whatever changes the status or the holder. */
function stepsOf(action: Action): Step[] {
  const { moves, unassignedMoves = {}, holder, restores } = WORKFLOW[action];
  const label = EVERYWHERE.find(({ to }) => leadsEverywhereTo(to, action))?.name ?? action;
  const usual = movesOf(moves).map((move) => ({ ...move, label }));
  const unassigned = movesOf(unassignedMoves).map((move) => ({ ...move, label: `${action} (nobody in charge)` }));
  const back = restores ? OPEN.map((to) => ({ from: 'closed', to, label: action }) as const) : [];
  return [...usual, ...unassigned, ...back].filter(({ from, to }) => from !== to || holder !== undefined);
}

function leadsEverywhereTo(status: Status, action: Action): boolean {
  return OPEN.every((from) => WORKFLOW[action].moves[from] === status);
}

function movesOf(moves: Transition['moves']): { from: Status; to: Status }[] {
  return STATUSES.flatMap((from) => {
    const to = moves[from];
    return to === undefined ? [] : [{ from, to }];
  });
}

const PARTS = [
  ['What treats an open request', TREATMENT],
  ['What ends it, and opens it again', CLOSINGS],
  ['What changes no status', KEEPING],
] as const;

function tables(): string[] {
  const head = ['action', 'who may', 'from → to', 'asks for', 'words', 'mails'];
  return PARTS.flatMap(([title, rows]) => {
    const actions = ACTIONS.filter((action) => action in rows);
    const cells = [head, head.map(() => '---'), ...actions.map(rowOf)];
    return [`**${title}**`, '', ...cells.map((row) => `| ${row.join(' | ')} |`), ''];
  });
}

function rowOf(action: Action): string[] {
  const { by, asks, comment, reads, mails } = WORKFLOW[action];
  const words = comment === 'none' ? '–' : `${comment}, for ${READERS[reads]}`;
  const told = mails.map(({ kind, to }) => `\`${kind}\` → ${to}`).join('<br>');
  return [`\`${action}\``, by.join(', '), courseOf(action), asks?.join(', ') ?? '–', words, told || '–'];
}

/** From where it may be done, where it leads, who holds the request then. */
function courseOf(action: Action): string {
  const { moves, unassignedMoves = {}, onlyHolderMoves, onlyAway, restores, holder } = WORKFLOW[action];
  if (restores) return 'closed → what it was';
  const steps = movesOf(moves);
  const changes = steps.filter(({ from, to }) => from !== to || holder !== undefined);
  const targets = [...new Set(changes.map(({ to }) => to))].map((to) => `${startsOf(changes, to)} → ${to}`);
  const unassigned = movesOf(unassignedMoves).map(({ from, to }) => `${from} → ${to} when nobody is in charge`);
  return [
    changes.length < steps.length ? [setOf(steps)] : [],
    targets.map((target) => `${target}${onlyHolderMoves ? ' when its holder does' : ''}`),
    unassigned,
    holder === undefined ? [] : [`held by ${HELD_BY[holder]}`],
    onlyAway ? ['only while a department holds it'] : [],
  ]
    .flat()
    .join('<br>');
}

function startsOf(steps: readonly { from: Status; to: Status }[], target: Status): string {
  return setOf(steps.filter(({ to }) => to === target));
}

function setOf(steps: readonly { from: Status }[]): string {
  const from = STATUSES.filter((status) => steps.some((step) => step.from === status));
  if (from.length === STATUSES.length) return 'any';
  return OPEN.every((status) => from.includes(status)) ? 'open' : from.join(', ');
}

const HELD_BY = { desk: 'the desk', chosen: 'the department chosen' } as const;
const READERS = { citizen: 'the citizen', colleagues: 'colleagues' } as const;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(README, withWorkflow(readFileSync(README, 'utf8')));
}

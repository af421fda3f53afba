import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ACTIONS, STATUSES, WORKFLOW, type Action, type Status, type Transition } from '../src/domain/workflow.ts';

// npx node docs/workflow-diagram.ts: writes the README's diagram and table anew, from the workflow itself.

const README = fileURLToPath(new URL('../README.md', import.meta.url));
const BEGIN = '<!-- workflow: written by docs/workflow-diagram.ts -->';
const END = '<!-- /workflow -->';

/** The text with what stands between the markers replaced. */
export function withWorkflow(text: string): string {
  const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (from < 0 || to < from) throw new Error('the README has lost the markers of its workflow');
  const generated = ['', '```mermaid', ...diagram(), '```', '', ...table(), '', ''].join('\n');
  return text.slice(0, from + BEGIN.length) + generated + text.slice(to);
}

function diagram(): string[] {
  const labels = new Map<string, string[]>([['[*] --> new', ['receive']]]);
  for (const { from, to, label } of steps()) {
    const arrow = `${from} --> ${to}`;
    labels.set(arrow, [...(labels.get(arrow) ?? []), label]);
  }
  const arrows = [...labels].map(([arrow, words]) => `  ${arrow} : ${words.join(', ')}`);
  return ['stateDiagram-v2', '  direction LR', ...arrows, '  closed --> [*]'];
}

interface Step {
  from: Status;
  to: Status;
  label: string;
}

/** Whatever changes the status or the holder, of what a request can come to; what is undone was come to before. */
function steps(): Step[] {
  const all = ACTIONS.flatMap((action) => stepsOf(action, WORKFLOW[action]));
  const onward = all.filter(({ from }) => from !== 'closed');
  const reached = new Set<Status>(['new']);
  for (let size = 0; size < reached.size; ) {
    size = reached.size;
    for (const { from, to } of onward) if (reached.has(from)) reached.add(to);
  }
  return all.filter(({ from, to }) => reached.has(from) && reached.has(to));
}

function stepsOf(action: Action, transition: Transition): Step[] {
  const { moves, unassignedMoves = {}, holder } = transition;
  const usual = movesOf(moves).map((move) => ({ ...move, label: action as string }));
  const unassigned = movesOf(unassignedMoves).map((move) => ({ ...move, label: `${action} (nobody in charge)` }));
  const back = 'restores' in transition ? closable().map((to) => ({ from: 'closed', to, label: action }) as const) : [];
  return [...usual, ...unassigned, ...back].filter(({ from, to }) => from !== to || holder !== undefined);
}

/** What a request may have been before it was closed. */
function closable(): Status[] {
  return STATUSES.filter((status) => Object.values(WORKFLOW).some(({ moves }) => moves[status] === 'closed'));
}

function movesOf(moves: Transition['moves']): { from: Status; to: Status }[] {
  return STATUSES.flatMap((from) => {
    const to = moves[from];
    return to === undefined ? [] : [{ from, to }];
  });
}

function table(): string[] {
  const rows = ACTIONS.map((action) => {
    const { by, holder, comment, reads, mails } = WORKFLOW[action];
    const told = mails.map(({ kind, to }) => `${kind} → ${to}`).join('<br>') || '–';
    return [`\`${action}\``, by.join(', '), HELD_BY[holder ?? 'same'], `${comment}, read by ${READERS[reads]}`, told];
  });
  const head = ['action', 'who may', 'then held by', 'words', 'mails'];
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
}

const HELD_BY = { same: '–', desk: 'the desk', chosen: 'the department chosen' } as const;
const READERS = { citizen: 'the citizen', colleagues: 'colleagues' } as const;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(README, withWorkflow(readFileSync(README, 'utf8')));
}

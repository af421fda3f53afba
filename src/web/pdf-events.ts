import { longDate, longDay } from '../template-formats.ts';
import { label } from '../template.ts';
import type { PdfEvent } from './pdf-dossier-view.ts';
import { keepTogether, lineHeight, QUIET, skip, write, type Flow } from './pdf-flow.ts';
import { bothEnds, cutText, textLimit } from './pdf-limits.ts';
import { writeAbridged, writeSection } from './pdf-sections.ts';
import { oneLine } from './pdf-text.ts';
import { phrase } from './pdf-words.ts';

const EVENTS_AT_MOST = 500;

/** The history, oldest first: who, when, what, from which state to which. */
export async function writeEvents(flow: Flow, events: readonly PdfEvent[], timeZone: string): Promise<void> {
  await writeSection(flow, phrase('history'));
  const shown = bothEnds(events, EVENTS_AT_MOST);
  const limit = textLimit([...shown.first, ...shown.last].map(({ comment }) => comment.length));
  await writeAbridged(flow, shown, 'eventsLeftOut', (event) => writeEvent(flow, event, limit, timeZone));
}

async function writeEvent(flow: Flow, event: PdfEvent, limit: number, timeZone: string): Promise<void> {
  const quiet = { size: 8.5, color: QUIET, indent: 10 };
  const changes = changesOf(event, timeZone);
  keepTogether(flow, lineHeight(8.5) * (1 + Math.min(changes.length, 3)) + lineHeight(9.5));
  await write(flow, phrase('onDate', { date: longDate(event.at, timeZone) }), { size: 8.5, color: QUIET, keep: 14 });
  await write(flow, phrase('deed', { who: actorOf(event), deed: deedOf(event) }), {
    weight: 'bold',
  });
  for (const line of changes) await write(flow, line, quiet);
  if (event.comment.trim() !== '' && !event.isInThread) {
    const { text, omitted } = cutText(event.comment, limit);
    await write(flow, text, { indent: 10 });
    if (omitted > 0) await write(flow, phrase('textCut', { count: omitted }), quiet);
  }
  skip(flow, 5);
}

function deedOf({ action, isUndone = false }: PdfEvent): string {
  const deed = label('actionsDone', action);
  return isUndone ? phrase('undone', { deed }) : deed;
}

function actorOf({ actorDisplay, actorOffice }: PdfEvent): string {
  const name = cutText(oneLine(actorDisplay), 200).text;
  return actorOffice === '' || actorOffice === actorDisplay ? name : phrase('person', { name, office: actorOffice });
}

const CHANGES_AT_MOST = 50;

function changesOf(event: PdfEvent, timeZone: string): string[] {
  const { statusBefore, statusAfter, outcome, holderBefore, holderAfter, mail, changes = [], notes = [] } = event;
  const lines: string[] = [];
  if (statusBefore !== null && statusAfter !== null) {
    const status = label('statuses', statusAfter);
    const after = outcome === null ? status : phrase('closedAs', { status, outcome: label('outcomes', outcome) });
    lines.push(phrase('change', { before: label('statuses', statusBefore), after }));
  }
  if (holderBefore !== null) lines.push(phrase('change', { before: holderBefore, after: holderAfter ?? '' }));
  if (mail !== null) {
    lines.push(phrase('mail', { mail: label('mailKinds', mail.kind), role: label('roles', mail.role) }));
    if (mail.answer !== '') lines.push(phrase('mailAnswer', { answer: short(mail.answer) }));
  }
  for (const { key, value, day } of notes) {
    lines.push(
      phrase('note', { name: label('recap', key), value: day === null ? short(value) : longDay(day, timeZone) }),
    );
  }
  for (const { name, before, after } of changes.slice(0, CHANGES_AT_MOST)) {
    lines.push(phrase('field', { name, before: short(before), after: short(after) }));
  }
  return lines;
}

function short(value: string): string {
  return cutText(oneLine(value) || phrase('empty'), 500).text;
}

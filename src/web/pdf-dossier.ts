import { fileSize, longDate, shortDate } from '../template-formats.ts';
import { label } from '../template.ts';
import { openPaper, POINTS_PER_MM } from './pdf-document.ts';
import type { DossierPdfView, PdfMessage, PdfRequest } from './pdf-dossier-view.ts';
import { writeEvents } from './pdf-events.ts';
import { a4Frame, openFlow, QUIET, skip, write, type Flow } from './pdf-flow.ts';
import { writeFooters } from './pdf-footer.ts';
import { bothEnds, cutText, textLimit } from './pdf-limits.ts';
import { writeAbridged, writeFact, writeSection, writeUnprintableNotice } from './pdf-sections.ts';
import { oneLine } from './pdf-text.ts';
import { phrase } from './pdf-words.ts';

const MARGIN = 18 * POINTS_PER_MM;
const FOOT = 20 * POINTS_PER_MM;

/** The whole of a request on A4, for a meeting, a file or a judge. What is too long is cut, and said to be. */
export async function dossierPdf(view: DossierPdfView): Promise<Uint8Array> {
  const { request, town, now } = view;
  const subject = oneLine(request.subject) || phrase('noSubject');
  const paper = await openPaper({
    title: phrase('dossierTitle', { reference: request.reference, subject }),
    author: town.name,
    language: phrase('language'),
    now,
  });
  const flow = openFlow(paper, a4Frame(MARGIN, FOOT));

  await writeHead(flow, view, subject);
  await writeSummary(flow, view);
  await writeDetails(flow, view.details ?? []);
  await writePieces(flow, view);
  await writeThread(flow, view);
  await writeEvents(flow, view.events, view.timeZone);
  await writeUnprintableNotice(flow);
  writeFooters(flow, editedLine(view));
  return paper.finish();
}

async function writeHead(flow: Flow, { town, request, messages }: DossierPdfView, subject: string): Promise<void> {
  await write(flow, town.name, { weight: 'bold', size: 12 });
  const contact = [oneLine(town.postalAddress), town.phone && phrase('telephone', { phone: town.phone })];
  await write(flow, contact.filter(Boolean).join(' – '), { size: 8.5, color: QUIET });
  const y = flow.y + 6;
  flow.paper.decoration(() => flow.paper.rule([flow.frame.left, y], [flow.frame.right, y], '#1b1b1b', 0.8));
  flow.y = y;
  await write(flow, phrase('reference', { reference: request.reference }), { size: 10.5, color: QUIET, before: 12 });
  await write(flow, cutText(subject, 500).text, { tag: 'H1', weight: 'bold', size: 16, keep: 40 });
  if (messages.some(({ kind }) => kind === 'note')) {
    await write(flow, phrase('holdsNotes'), { weight: 'bold', size: 9, before: 6, indent: 10, hasBar: true });
  }
}

async function writeSummary(flow: Flow, { request, timeZone }: DossierPdfView): Promise<void> {
  await writeSection(flow, phrase('summary'));
  const since = longDate(request.statusSince, timeZone);
  const alerts = [request.isLate && phrase('late'), request.undeliverable && phrase('undeliverable')].filter(Boolean);
  await writeFact(
    flow,
    phrase('state'),
    [phrase('stateSince', { state: stateOf(request), date: since }), ...alerts].join('\n'),
  );
  const citizen = [request.citizenName, request.citizenAddress || phrase('citizenUnknown')];
  await writeFact(flow, phrase('citizen'), citizen.filter(Boolean).map(oneLine).join('\n'));
  await writeFact(flow, phrase('received'), longDate(request.receivedAt, timeZone));
  await writeFact(flow, phrase('inCharge'), [request.holderName, request.assigneeName].filter(Boolean).join('\n'));
  if (request.categoryName !== null) await writeFact(flow, phrase('category'), request.categoryName);
  if (request.dueAt !== null) await writeFact(flow, phrase('due'), longDate(request.dueAt, timeZone));
}

function stateOf({ status, outcome, isWithDepartment, holderName }: PdfRequest): string {
  if (status === 'new' && isWithDepartment) return phrase('transferredTo', { holder: holderName });
  if (status !== 'closed' || outcome === null) return label('statuses', status);
  return phrase('closedAs', { status: label('statuses', status), outcome: label('outcomes', outcome) });
}

const DETAILS_AT_MOST = 200;
const DETAIL_LENGTH = 2_000;

async function writeDetails(flow: Flow, details: readonly { name: string; value: string }[]): Promise<void> {
  if (details.length === 0) return;
  await writeSection(flow, phrase('details'));
  await writeAbridged(flow, bothEnds(details, DETAILS_AT_MOST), 'detailsLeftOut', async ({ name, value }) => {
    const { text, omitted } = cutText(value.trim() || phrase('empty'), DETAIL_LENGTH);
    await writeFact(flow, cutText(oneLine(name), 200).text, text);
    if (omitted > 0) await write(flow, phrase('textCut', { count: omitted }), { color: QUIET });
  });
}

const PIECES_AT_MOST = 200;

async function writePieces(flow: Flow, { messages, timeZone }: DossierPdfView): Promise<void> {
  await writeSection(flow, phrase('pieces'));
  const pieces = messages.flatMap((message) => message.files.map((file) => ({ ...file, message })));
  if (pieces.length === 0) await write(flow, phrase('noPiece'), { color: QUIET });
  await writeAbridged(flow, bothEnds(pieces, PIECES_AT_MOST), 'piecesLeftOut', ({ fileName, size, message }) => {
    const piece = { name: cutText(oneLine(fileName), 300).text, size: fileSize(size) };
    const from = { author: authorOf(message), date: shortDate(message.at, timeZone) };
    return write(flow, phrase('piece', { ...piece, ...from }));
  });
}

const MESSAGES_AT_MOST = 300;

async function writeThread(flow: Flow, { messages, timeZone }: DossierPdfView): Promise<void> {
  await writeSection(flow, phrase('thread'));
  if (messages.length === 0) await write(flow, phrase('noMessage'), { color: QUIET });
  const shown = bothEnds(messages, MESSAGES_AT_MOST);
  const limit = textLimit([...shown.first, ...shown.last].map(({ text }) => text.length));
  await writeAbridged(flow, shown, 'messagesLeftOut', (message) => writeMessage(flow, message, limit, timeZone));
}

async function writeMessage(flow: Flow, message: PdfMessage, limit: number, timeZone: string): Promise<void> {
  const isNote = message.kind === 'note';
  const deed = label('pageThread', message.kind);
  const isTitle = isNote || message.kind === 'automatic';
  const head = isTitle ? deed : phrase('deed', { who: authorOf(message), deed });
  await write(flow, head, { weight: 'bold', keep: 28 });
  const date = longDate(message.at, timeZone);
  const when = isTitle ? phrase('titledBy', { author: authorOf(message), date }) : phrase('onDate', { date });
  await write(flow, when, { size: 8.5, color: QUIET, keep: 14 });
  const { text, omitted } = cutText(message.text.trim() || phrase('withoutText'), limit);
  const words = { indent: 10, hasBar: isNote };
  skip(flow, 2);
  await write(flow, text, words);
  if (omitted > 0) await write(flow, phrase('textCut', { count: omitted }), { ...words, color: QUIET });
  const quiet = { ...words, size: 8.5, color: QUIET };
  if (message.elided !== '') await write(flow, phrase('quoteLeftOut'), quiet);
  for (const { fileName, size } of message.files.slice(0, 20)) {
    const name = cutText(oneLine(fileName), 300).text;
    await write(flow, phrase('attached', { name, size: fileSize(size) }), quiet);
  }
  skip(flow, 9);
}

function authorOf({ authorName, authorAddress }: PdfMessage): string {
  return cutText(oneLine(authorName || authorAddress) || phrase('anonymous'), 200).text;
}

function editedLine({ request, town, person, now, timeZone }: DossierPdfView): string {
  const date = longDate(now, timeZone);
  const edited = person ? phrase('editedBy', { date, name: oneLine(person.name) }) : phrase('edited', { date });
  return [oneLine(town.name), phrase('reference', { reference: request.reference }), edited].join(' – ');
}

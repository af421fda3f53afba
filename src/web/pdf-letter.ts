import { longDay } from '../template-formats.ts';
import { A4, openPaper, POINTS_PER_MM, type Paper } from './pdf-document.ts';
import { a4Frame, lineHeight, openFlow, QUIET, write, type Flow, type Frame } from './pdf-flow.ts';
import { writeFooters } from './pdf-footer.ts';
import { cutText } from './pdf-limits.ts';
import { writeUnprintableNotice } from './pdf-sections.ts';
import { oneLine } from './pdf-text.ts';
import { phrase } from './pdf-words.ts';

export interface LetterPdfView {
  timeZone: string;
  now: Date;
  sender: { town: string; office: string; postalAddress: string; phone: string };
  recipient: { name: string; postalAddress: string };
  /** Where it is written, such as « Plassans »; '' leaves it out. */
  place: string;
  request: { reference: string; subject: string };
  /** Without greeting nor closing formula, which the letter brings. An empty line parts two paragraphs. */
  body: string;
  /** As article L212-1 of the code of relations between the public and the administration wants it: first name, name, capacity. */
  signature: { name: string; capacity: string; office: string };
}

const MARGIN = 20 * POINTS_PER_MM;
const FOOT = 22 * POINTS_PER_MM;
const SIZE = 10.5;

/** Where the window of a DL or C5 envelope shows it, once the sheet is folded in three: six lines at most, says La Poste. */
const WINDOW = { left: 110 * POINTS_PER_MM, top: 50 * POINTS_PER_MM };
const WINDOW_LINES = 6;
/** Characters of a line, for the same. */
const LA_POSTE_WIDTH = 38;
const SENDER_RIGHT = 95 * POINTS_PER_MM;
const SENDER_LINES = 7;
const DATE_TOP = 92 * POINTS_PER_MM;
const BODY_AT_MOST = 50_000;

/** For whoever has no e-mail address: printed, signed by hand, folded in three, posted. */
export async function letterPdf(view: LetterPdfView): Promise<Uint8Array> {
  const { request, sender, now, timeZone } = view;
  const date = longDay(now, timeZone);
  const paper = await openPaper({
    title: phrase('letterTitle', { date, reference: request.reference }),
    author: oneLine(sender.town),
    language: phrase('language'),
    now,
  });
  const flow = openFlow(paper, a4Frame(MARGIN, FOOT));

  const heads = [await writeSender(flow, view), await writeRecipient(flow, view)];
  drawFolds(paper);
  flow.y = Math.max(DATE_TOP, ...heads);
  await writeSubject(flow, view, date);
  await writeBody(flow, view);
  await writeSignature(flow, view);
  await writeUnprintableNotice(flow);
  if (paper.pageCount() > 1) writeFooters(flow, phrase('reference', { reference: request.reference }));
  return paper.finish();
}

/** Answers where its block ends, as the next one does. */
async function writeSender(flow: Flow, { sender }: LetterPdfView): Promise<number> {
  const block = within(flow, { left: flow.frame.left, right: SENDER_RIGHT, top: 15 * POINTS_PER_MM });
  await write(block, cutText(oneLine(sender.town), 120).text, { weight: 'bold', size: 11 });
  const phone = sender.phone === '' ? '' : phrase('telephone', { phone: sender.phone });
  const lines = [oneLine(sender.office), ...addressLines(sender.postalAddress), phone];
  await write(block, linesOf(lines, SENDER_LINES), { size: 9 });
  flow.hasLost ||= block.hasLost;
  return block.y;
}

async function writeRecipient(flow: Flow, { recipient }: LetterPdfView): Promise<number> {
  const block = within(flow, { left: WINDOW.left, right: A4.width - 15 * POINTS_PER_MM, top: WINDOW.top });
  const lines = [oneLine(recipient.name), ...addressLines(recipient.postalAddress)];
  const isNarrow = lines.every((line) => line.length <= LA_POSTE_WIDTH);
  await write(block, linesOf(lines, WINDOW_LINES), { size: isNarrow ? SIZE : 9 });
  flow.hasLost ||= block.hasLost;
  return block.y;
}

/** A block of the first page at its own place. */
function within(flow: Flow, place: Pick<Frame, 'left' | 'right' | 'top'>): Flow {
  return { ...flow, frame: { ...flow.frame, ...place }, y: place.top, hasLost: false };
}

/** Config and forms write addresses in one line or several. */
function addressLines(address: string): string[] {
  return address.includes('\n') ? address.split('\n') : address.split(', ');
}

function linesOf(lines: readonly string[], atMost: number): string {
  return lines
    .map((line) => cutText(line.trim(), 60).text)
    .filter((line) => line !== '')
    .slice(0, atMost)
    .join('\n');
}

/** Where to fold in three: short strokes on the edge. */
function drawFolds(paper: Paper): void {
  paper.decoration(() => {
    for (const y of [A4.height / 3, (A4.height / 3) * 2]) paper.rule([0, y], [12, y], '#8a8a8a', 0.5);
  });
}

async function writeSubject(flow: Flow, { place, request }: LetterPdfView, date: string): Promise<void> {
  const written = place === '' ? phrase('letterDate', { date }) : phrase('placeAndDate', { place, date });
  await write(flow, written, { size: SIZE, indent: WINDOW.left - flow.frame.left });
  const subject = cutText(oneLine(request.subject) || phrase('noSubject'), 300).text;
  await write(flow, phrase('letterSubject', { subject }), { tag: 'H1', weight: 'bold', size: SIZE, before: 14 });
  await write(flow, phrase('letterReference', { reference: request.reference }), { size: SIZE });
}

async function writeBody(flow: Flow, { body, signature }: LetterPdfView): Promise<void> {
  await write(flow, phrase('greeting'), { size: SIZE, before: 18, keep: 40 });
  const { text, omitted } = cutText(body.trim(), BODY_AT_MOST);
  flow.y += 8;
  await write(flow, text, { size: SIZE });
  if (omitted > 0) await write(flow, phrase('textCut', { count: omitted }), { size: SIZE, color: QUIET });
  await write(flow, phrase('closing'), { size: SIZE, before: 10, keep: signatureHeight(signature) });
}

/** Room for a hand. */
const SIGNING_SPACE = 16 * POINTS_PER_MM;

async function writeSignature(flow: Flow, { signature }: LetterPdfView): Promise<void> {
  flow.y += 16;
  const indent = WINDOW.left - flow.frame.left;
  for (const line of [signature.capacity, signature.office]) {
    if (line !== '') await write(flow, cutText(oneLine(line), 120).text, { size: SIZE, indent });
  }
  flow.y += SIGNING_SPACE;
  await write(flow, cutText(oneLine(signature.name), 120).text, { weight: 'bold', size: SIZE, indent });
}

/** Its lines may each take two. */
function signatureHeight({ capacity, office }: LetterPdfView['signature']): number {
  const lines = 1 + [capacity, office].filter((line) => line !== '').length;
  return 16 + SIGNING_SPACE + 2 * lines * lineHeight(SIZE);
}

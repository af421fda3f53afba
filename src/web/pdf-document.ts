import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import Pdf from 'pdfkit';
import { oneLine, printableText } from './pdf-text.ts';

/** The one door to pdfkit: lines placed on A4 sheets, with the structure that a screen reader follows. Lengths are in points. */

export const A4 = { width: 595.28, height: 841.89 };
export const POINTS_PER_MM = 72 / 25.4;

export type Weight = 'regular' | 'bold';
export type Tag = 'H1' | 'H2' | 'P';
export type Ink = { weight: Weight; size: number; color: string };

export interface Paper {
  widthOf(text: string, weight: Weight, size: number): number;
  /** Whether the fonts have it, in every weight. */
  isPrintable(codePoint: number): boolean;
  addPage(): void;
  pageCount(): number;
  /** For what can only be written when all is known, such as the number of pages. From 0. */
  turnTo(page: number): void;
  /** A heading or a paragraph: all that its calls write, on whatever pages, is one element for a screen reader, which says `aloud`. */
  element(tag: Tag, aloud?: string): (draw: () => void) => void;
  /** What a screen reader skips: lines, footers. */
  decoration(draw: () => void): void;
  line(text: string, x: number, y: number, ink: Ink): void;
  rule(from: [number, number], to: [number, number], color: string, thickness: number): void;
  bookmark(title: string): void;
  /** The file. Nothing can be written any more. */
  finish(): Promise<Uint8Array>;
}

export interface Properties {
  title: string;
  author: string;
  language: string;
  now: Date;
}

export async function openPaper({ title, author, language, now }: Properties): Promise<Paper> {
  const { faces, printable } = await (loadedFonts ??= loadFonts());
  const doc = new Pdf({
    size: 'A4',
    margin: 0,
    autoFirstPage: false,
    bufferPages: true,
    pdfVersion: '1.7',
    tagged: true,
    displayTitle: true,
    lang: language,
    info: {
      Title: forMetadata(title, printable),
      Author: forMetadata(author, printable),
      Creator: 'Guichet',
      CreationDate: now,
      ModDate: now,
    },
    ...NO_FONT,
  });
  for (const weight of WEIGHTS) doc.registerFont(weight, faces[weight] as never);
  const bytes = collect(doc);
  const root = doc.struct('Document');
  doc.addStructure(root);
  doc.addPage();

  return {
    widthOf: (text, weight, size) => doc.font(weight, size).widthOfString(text),
    isPrintable: (codePoint) => printable.has(codePoint),
    addPage: () => void doc.addPage(),
    pageCount: () => doc.bufferedPageRange().count,
    turnTo: (page) => void doc.switchToPage(page),
    element(tag, aloud) {
      const element = doc.struct(tag, aloud === undefined ? {} : { actual: aloud });
      root.add(element);
      return (draw) => {
        element.add(doc.markStructureContent(tag));
        draw();
        doc.endMarkedContent();
      };
    },
    decoration(draw) {
      doc.markContent('Artifact', { type: 'Pagination' });
      draw();
      doc.endMarkedContent();
    },
    line: (text, x, y, { weight, size, color }) =>
      void doc.font(weight, size).fillColor(color).text(text, x, y, { lineBreak: false }),
    rule: ([x, y], [toX, toY], color, thickness) =>
      void doc.moveTo(x, y).lineTo(toX, toY).lineWidth(thickness).strokeColor(color).stroke(),
    bookmark: (title) => void doc.outline.addItem(title),
    finish() {
      root.end();
      doc.end();
      return bytes;
    },
  };
}

const LOOKALIKES: Record<string, string> = { '<': '\u2039', '>': '\u203a', '&': '\uff06' };

/** pdfkit writes it into XML as it is: a subject could close a tag, or make the metadata unreadable. */
function forMetadata(words: string, printable: ReadonlySet<number>): string {
  const line = printableText(oneLine(words), (codePoint) => printable.has(codePoint)).slice(0, 200);
  return line.toWellFormed().replace(/[<>&]/g, (sign) => LOOKALIKES[sign] ?? '');
}

const WEIGHTS = ['regular', 'bold'] as const;

/** Else each document opens Helvetica, which has no Greek, Hebrew or Arabic and is not embedded. Its types do not know null. */
const NO_FONT = { font: null } as object;

const FILES: Record<Weight, string> = {
  regular: 'DejaVuSansCondensed.ttf',
  bold: 'DejaVuSansCondensed-Bold.ttf',
};

interface Face {
  characterSet: readonly number[];
}

interface Fonts {
  faces: Record<Weight, Face>;
  printable: ReadonlySet<number>;
}

/** Reading and parsing them costs more than a short document does. */
let loadedFonts: Promise<Fonts> | null = null;

async function loadFonts(): Promise<Fonts> {
  const [regular, bold] = await Promise.all([loadFace(FILES.regular), loadFace(FILES.bold)]);
  const inBold = new Set(bold.characterSet);
  const printable = new Set(regular.characterSet.filter((codePoint) => inBold.has(codePoint)));
  return { faces: { regular, bold }, printable };
}

/** Two characters that share one glyph are copied out of the document as the first that was ever drawn. */
const COPIED_AS_THEMSELVES = String.fromCharCode(...Array.from({ length: 95 }, (_, index) => 32 + index));

async function loadFace(file: string): Promise<Face> {
  const bytes = await readFile(fileURLToPath(import.meta.resolve(`dejavu-fonts-ttf/ttf/${file}`)));
  const doc = new Pdf({ autoFirstPage: false, ...NO_FONT }).font(bytes);
  doc.widthOfString(COPIED_AS_THEMSELVES);
  // pdfkit takes a parsed font but has no public way to hand one out.
  return (doc as unknown as { _font: { font: Face } })._font.font;
}

function collect(doc: PDFKit.PDFDocument): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
  doc.on('data', (chunk: Uint8Array) => chunks.push(chunk));
  doc.on('end', () => resolve(Buffer.concat(chunks)));
  doc.on('error', reject);
  return promise;
}

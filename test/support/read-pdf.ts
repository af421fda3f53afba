import { inflateSync } from 'node:zlib';

/** Reads back what pdfkit writes, and only that: the words where they stand, without a PDF reader being installed. */

export interface PdfLine {
  text: string;
  /** In points, from the left and from the top of the sheet. */
  x: number;
  y: number;
  size: number;
}

export interface PdfPage {
  lines: PdfLine[];
  text: string;
}

export interface ReadPdf {
  pages: PdfPage[];
  text: string;
  /** The XML metadata. */
  xmp: string;
  /** Its objects as they are written, streams left out. */
  objects: string;
}

export function readPdf(bytes: Uint8Array): ReadPdf {
  const objects = objectsOf(Buffer.from(bytes));
  const pages = [...objects.values()]
    .filter(({ head }) => /\/Type \/Page\n/.test(head))
    .map((page) => readPage(page.head, objects));
  const xmp = [...objects.values()].find(({ head }) => head.includes('/Type /Metadata'))?.stream ?? '';
  return {
    pages,
    text: pages.map(({ text }) => text).join('\n'),
    xmp: Buffer.from(xmp, 'latin1').toString('utf8'),
    objects: [...objects.values()].map(({ head }) => head).join('\n'),
  };
}

type Objects = Map<string, { head: string; stream: string }>;

function objectsOf(file: Buffer): Objects {
  const text = file.toString('latin1');
  const objects: Objects = new Map();
  for (const found of text.matchAll(/^(\d+) 0 obj\n/gm)) {
    const start = found.index + found[0].length;
    const end = text.indexOf('\nendobj', start);
    const cut = text.indexOf('\nstream\n', start);
    const hasStream = cut !== -1 && cut < end;
    const head = text.slice(start, hasStream ? cut + 1 : end + 1);
    const length = Number(/\/Length (\d+)/.exec(head)?.[1] ?? 0);
    const raw = hasStream ? text.slice(cut + 8, cut + 8 + length) : '';
    const isDeflated = head.includes('/FlateDecode');
    const stream = isDeflated ? inflateSync(Buffer.from(raw, 'latin1')).toString('latin1') : raw;
    objects.set(found[1] ?? '', { head, stream });
  }
  return objects;
}

function readPage(head: string, objects: Objects): PdfPage {
  const resources = objects.get(/\/Resources (\d+)/.exec(head)?.[1] ?? '')?.head ?? '';
  const fonts = new Map<string, string[]>();
  for (const [, name, id] of resources.matchAll(/\/(F\d+) (\d+) 0 R/g)) {
    const cmap = /\/ToUnicode (\d+)/.exec(objects.get(id ?? '')?.head ?? '')?.[1] ?? '';
    fonts.set(name ?? '', charactersOf(objects.get(cmap)?.stream ?? ''));
  }
  const content = objects.get(/\/Contents (\d+)/.exec(head)?.[1] ?? '')?.stream ?? '';
  const lines: PdfLine[] = [];
  for (const [, body = ''] of content.matchAll(/^BT\n([^]*?)^ET$/gm)) {
    const [, x, y] = /1 0 0 1 (\S+) (\S+) Tm/.exec(body) ?? [];
    const [, font = '', size] = /\/(F\d+) (\S+) Tf/.exec(body) ?? [];
    const glyphs = [...body.matchAll(/<([0-9a-f]+)>/g)].map(([, hex = '']) => hex).join('');
    const text = (glyphs.match(/.{4}/g) ?? []).map((hex) => fonts.get(font)?.[parseInt(hex, 16)] ?? '\ufffd').join('');
    lines.push({ text, x: Number(x), y: 841.89 - Number(y), size: Number(size) });
  }
  return { lines, text: lines.map(({ text }) => text).join('\n') };
}

/** Of each glyph number, its characters. */
function charactersOf(cmap: string): string[] {
  const characters: string[] = [];
  for (const [, first = '', list = ''] of cmap.matchAll(/<(\w+)> <\w+> \[(.*?)\]/g)) {
    for (const [index, [, units = '']] of [...list.matchAll(/<([\w ]*)>/g)].entries()) {
      const codes = (units.replaceAll(' ', '').match(/.{4}/g) ?? []).map((unit) => parseInt(unit, 16));
      characters[parseInt(first, 16) + index] = String.fromCharCode(...codes);
    }
  }
  return characters;
}

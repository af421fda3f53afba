import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import {
  GALLERY_CASES,
  GALLERY_ROWS,
  openGallery,
  rowsByRecipient,
  type GalleryMail,
  type GalleryRow,
} from '../src/demo/gallery.ts';
import { createEngine, fillPlain, label } from '../src/template.ts';
import { openPhotographer, VIEWS, type Photographer } from './gallery-pictures.ts';

// npm run gallery [-- --to DIR] [--kind KIND …] [--case CASE …] [--no-pictures]: every mail as files to look through.

const ROOT = fileURLToPath(new URL('..', import.meta.url));

interface Wanted {
  to: string;
  kinds: readonly string[];
  cases: readonly string[];
  hasPictures: boolean;
}

/** Answers how many mails were written; prints its progress. */
export async function writeGallery({ to, kinds, cases, hasPictures }: Wanted, say: (text: string) => void) {
  const rows = GALLERY_ROWS.filter(({ kind }) => kinds.length === 0 || kinds.includes(kind));
  const shown = GALLERY_CASES.filter(({ id }) => cases.length === 0 || cases.includes(id));
  if (rows.length === 0 || shown.length === 0) {
    say(fillPlain('console/gallery-unknown.txt', { rows: kindsIn(GALLERY_ROWS), cases: GALLERY_CASES }));
    return 0;
  }
  const gallery = await openGallery({ timeZone: 'Europe/Paris' });
  const photographer = hasPictures ? await openPhotographer() : null;
  if (hasPictures && photographer === null) say(fillPlain('console/gallery-without-browser.txt', {}));
  const total = rows.length * shown.length;
  let count = 0;
  for (const row of rows) {
    for (const { id } of shown) {
      await writeMail(join(to, folderOf(row)), id, gallery.show(row, id), photographer);
      count += 1;
      say(fillPlain('console/gallery-progress.txt', { count, total, name: row.name, recipient: row.recipient }));
    }
  }
  await photographer?.stop();
  writeFileSync(join(to, 'index.html'), contactSheet(rows, shown, photographer !== null));
  say(fillPlain('console/gallery-written.txt', { total, to }));
  return total;
}

async function writeMail(folder: string, name: string, mail: GalleryMail, photographer: Photographer | null) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.html`), mail.html);
  writeFileSync(join(folder, `${name}.txt`), `${mail.subject}\n\n${mail.text}`);
  await photographer?.take(mail, (view) => join(folder, `${name}-${view}.png`));
}

function contactSheet(rows: readonly GalleryRow[], cases: typeof GALLERY_CASES, hasPictures: boolean): string {
  const groups = rowsByRecipient()
    .map(({ recipient, rows: its }) => ({
      recipient,
      rows: its.filter((row) => rows.includes(row)).map((row) => ({ ...row, folder: folderOf(row) })),
    }))
    .filter((group) => group.rows.length > 0);
  const views = VIEWS.map(({ id }) => ({ id, name: label('gallery', id) }));
  const engine = createEngine({ html: true, timeZone: 'Europe/Paris' });
  return String(engine.renderFileSync('demo/gallery-sheet.html', { groups, cases, views, hasPictures }));
}

function folderOf({ kind, role }: GalleryRow): string {
  return `${kind}-${role}`;
}

function kindsIn(rows: readonly GalleryRow[]) {
  return [...new Map(rows.map(({ kind, name }) => [kind, { kind, name }])).values()];
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      to: { type: 'string', default: join(ROOT, 'gallery') },
      kind: { type: 'string', multiple: true, default: [] },
      case: { type: 'string', multiple: true, default: [] },
      'no-pictures': { type: 'boolean', default: false },
    },
  });
  const wanted = { to: values.to, kinds: values.kind, cases: values.case, hasPictures: !values['no-pictures'] };
  const count = await writeGallery(wanted, (text) => process.stdout.write(text));
  if (count === 0) process.exitCode = 2;
}

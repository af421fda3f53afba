import { createEngine, label } from '../template.ts';
import { GALLERY_CASES, GALLERY_ROWS, openGallery, rowsByRecipient, type Gallery, type GalleryRow } from './gallery.ts';
import type { Answer } from './post-office-routes.ts';
import { FRAME_CSP } from './post-office-pages.ts';
import type { DemoTown } from './town.ts';

/** The gallery in the post office: the list of mails, each mail in each case, and its HTML alone for a frame. */

const galleries = new WeakMap<DemoTown, Promise<Gallery>>();

/** Null: there is no such page. */
export async function galleryAnswer(town: DemoTown, path: string): Promise<Answer | null> {
  if (path === '/gallery') return page(town, 'demo/gallery.html', { groups: rowsByRecipient() });
  const [, kind, role, id = 'ordinary', part] = GALLERY_PATH.exec(path) ?? [];
  const row = GALLERY_ROWS.find((each) => each.kind === kind && each.role === role);
  const shown = GALLERY_CASES.find((each) => each.id === id);
  if (row === undefined || shown === undefined) return null;
  const mail = (await galleryOf(town)).show(row, shown.id);
  if (part === 'html') {
    return { status: 200, type: 'text/html', body: mail.html, headers: { 'Content-Security-Policy': FRAME_CSP } };
  }
  const address = `/gallery/${row.kind}/${row.role}`;
  return page(town, 'demo/gallery-mail.html', {
    row,
    mail,
    shown,
    address,
    frames: FRAMES.map((frame) => ({ ...frame, name: label('gallery', frame.id) })),
    cases: GALLERY_CASES.map((each) => ({ ...each, isCurrent: each === shown })),
    ...neighbours(row),
  });
}

const GALLERY_PATH = /^\/gallery\/([a-z_]+)\/([a-z]+)(?:\/([a-z]+)(?:\/(html))?)?$/;

const FRAMES = [
  { id: 'desktop', isDark: false, isNarrow: false },
  { id: 'phone', isDark: false, isNarrow: true },
  { id: 'desktopDark', isDark: true, isNarrow: false },
  { id: 'dark', isDark: true, isNarrow: true },
];

function galleryOf(town: DemoTown): Promise<Gallery> {
  const known = galleries.get(town);
  if (known !== undefined) return known;
  const opened = openGallery(town.config.town);
  galleries.set(town, opened);
  return opened;
}

function neighbours(row: GalleryRow): { before: GalleryRow | null; after: GalleryRow | null } {
  const at = GALLERY_ROWS.indexOf(row);
  return { before: GALLERY_ROWS[at - 1] ?? null, after: GALLERY_ROWS[at + 1] ?? null };
}

function page(town: DemoTown, template: string, values: object): Answer {
  const engine = createEngine({ html: true, timeZone: town.config.town.timeZone });
  const view = { town: town.config.town, ...values };
  return { status: 200, type: 'text/html', body: String(engine.renderFileSync(template, view)), headers: {} };
}

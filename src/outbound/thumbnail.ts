import type Sharp from 'sharp';
import { pictureType } from '../domain/picture-type.ts';
import { marked } from '../domain/thumbnail.ts';

/** The only door to sharp: a photo of anybody becomes a small JPEG of ours, upright, without a word of where it was taken. */
export type MakeThumbnail = (bytes: Uint8Array) => Promise<Thumbnail>;

export type Thumbnail = { jpeg: Buffer } | { refused: string };

type Library = typeof Sharp;

/** Twice what a mail shows, for screens with two dots a pixel. */
const MOST_WIDTH = 320;
const MOST_HEIGHT = 240;
/** A line or a dot is no photo. */
const LEAST_PIXELS = 24;
/** More than most telephones take; what a picture unfolds to in memory is bounded by this. */
const MOST_PIXELS = 40_000_000;
const MOST_SECONDS = 3;
export const MOST_THUMBNAIL_BYTES = 20_000;
/** The first that is light enough. */
const QUALITIES = [74, 58, 42, 28];
/** libvips reads forty formats, PDF and SVG among them. */
const READ = ['Jpeg', 'Png', 'Nsgif', 'Webp'].map((format) => `VipsForeignLoad${format}Buffer`);

/** Null where the library of this machine is absent: mails then go without pictures. */
export function openThumbnails(): Promise<MakeThumbnail | null> {
  opened ??= import('sharp').then(
    ({ default: sharp }) => thumbnailer(sharp),
    () => null,
  );
  return opened;
}

let opened: Promise<MakeThumbnail | null> | null = null;

function thumbnailer(sharp: Library): MakeThumbnail {
  sharp.cache(false);
  sharp.concurrency(1);
  sharp.block({ operation: ['VipsForeignLoad'] });
  sharp.unblock({ operation: READ });
  let last: Promise<unknown> = Promise.resolve();
  // One at a time: a decoded photo may take a hundred megabytes.
  return (bytes) => {
    const made = last.then(() => make(sharp, bytes));
    last = made;
    return made;
  };
}

async function make(sharp: Library, bytes: Uint8Array): Promise<Thumbnail> {
  if (pictureType(bytes) === null) return { refused: 'not a picture that we show' };
  try {
    const { width, height } = await open(sharp, bytes).metadata();
    if (Math.min(width, height) < LEAST_PIXELS) return { refused: 'too small' };
    for (const quality of QUALITIES) {
      const jpeg = marked(await shrunk(sharp, bytes, quality));
      if (jpeg.length <= MOST_THUMBNAIL_BYTES) return { jpeg };
    }
    return { refused: 'too heavy' };
  } catch (error) {
    return { refused: error instanceof Error ? error.message : 'unreadable' };
  }
}

/** Nothing of the file's own data is written again: neither place, nor date, nor the owner's name. */
async function shrunk(sharp: Library, bytes: Uint8Array, quality: number): Promise<Buffer> {
  return open(sharp, bytes)
    .autoOrient()
    .resize({ width: MOST_WIDTH, height: MOST_HEIGHT, fit: 'inside', withoutEnlargement: true })
    .flatten({ background: '#ffffff' })
    .jpeg({ quality })
    .timeout({ seconds: MOST_SECONDS })
    .toBuffer();
}

function open(sharp: Library, bytes: Uint8Array) {
  return sharp(bytes, { limitInputPixels: MOST_PIXELS, failOn: 'error', sequentialRead: true });
}

import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { potholePhoto } from '../../src/demo/photos.ts';
import { isThumbnail, marked, sizeOf } from '../../src/domain/thumbnail.ts';
import { MOST_THUMBNAIL_BYTES, openThumbnails } from '../../src/outbound/thumbnail.ts';

type Made = { jpeg: Buffer; width: number; height: number };

async function madeOf(bytes: Uint8Array): Promise<Made> {
  const make = await openThumbnails();
  const made = (await make?.(bytes)) ?? { refused: 'no library' };
  if ('refused' in made) throw new Error(`no picture: ${made.refused}`);
  const { width, height } = await sharp(made.jpeg).metadata();
  return { jpeg: made.jpeg, width, height };
}

async function refusalOf(bytes: Uint8Array): Promise<string> {
  const make = await openThumbnails();
  const made = (await make?.(bytes)) ?? { refused: 'no library' };
  return 'refused' in made ? made.refused : 'none';
}

/** Its left half is red, its right half is blue, as the telephone's sensor saw it. */
function aPhoto(width: number, height: number) {
  const half = { width: width / 2, height, channels: 3 as const, background: '#0000ff' };
  return sharp({ create: { width, height, channels: 3, background: '#ff0000' } }).composite([
    { input: { create: half }, left: width / 2, top: 0 },
  ]);
}

async function colourAt(jpeg: Buffer, left: number, top: number): Promise<string> {
  const [red = 0, , blue = 0] = await sharp(jpeg).extract({ left, top, width: 1, height: 1 }).raw().toBuffer();
  return red > blue ? 'red' : 'blue';
}

describe('a photo made small', () => {
  test('is a light JPEG that fits into what a mail shows twice over, and says that it is ours', async () => {
    const { jpeg, width, height } = await madeOf(await aPhoto(4000, 3000).jpeg().toBuffer());
    expect([width, height]).toEqual([320, 240]);
    expect(jpeg.length).toBeLessThanOrEqual(MOST_THUMBNAIL_BYTES);
    expect(isThumbnail(jpeg)).toBe(true);
    expect(sizeOf(jpeg)).toEqual({ width: 320, height: 240 });
  });

  test.each(['jpeg', 'png', 'webp', 'gif'] as const)('is made of a %s', async (format) => {
    const { width } = await madeOf(await aPhoto(640, 480).toFormat(format).toBuffer());
    expect(width).toBe(320);
  });

  test('stands upright, however the telephone was held', async () => {
    const lying = await aPhoto(400, 300).jpeg().withMetadata({ orientation: 6 }).toBuffer();
    const { jpeg, width, height } = await madeOf(lying);
    expect([width, height]).toEqual([180, 240]);
    expect([await colourAt(jpeg, 90, 20), await colourAt(jpeg, 90, 220)]).toEqual(['red', 'blue']);
  });

  test('tells neither where nor when nor by whom it was taken', async () => {
    const exif = {
      IFD0: { Artist: 'Nora Lemaire', Make: 'Telephone' },
      IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '43/1 31/1 0/1', GPSLongitudeRef: 'E', GPSLongitude: '5/1 27/1 0/1' },
    };
    const taken = await aPhoto(400, 300).withExif(exif).jpeg().toBuffer();
    expect((await sharp(taken).metadata()).exif?.includes('Nora Lemaire')).toBe(true);
    const { jpeg } = await madeOf(taken);
    const { exif: left, icc, xmp, iptc } = await sharp(jpeg).metadata();
    expect({ left, icc, xmp, iptc }).toEqual({});
    expect(jpeg.includes('Nora Lemaire')).toBe(false);
  });

  test('is white where the picture was transparent', async () => {
    const clear = sharp({
      create: { width: 300, height: 200, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } },
    });
    const { jpeg } = await madeOf(await clear.png().toBuffer());
    expect([...(await sharp(jpeg).extract({ left: 5, top: 5, width: 1, height: 1 }).raw().toBuffer())]).toEqual([
      255, 255, 255,
    ]);
  });

  test('stays light when the photo is nothing but noise', async () => {
    const noise = sharp({
      create: {
        width: 900,
        height: 700,
        channels: 3,
        background: '#777777',
        noise: { type: 'gaussian', mean: 128, sigma: 90 },
      },
    });
    const { jpeg } = await madeOf(await noise.png().toBuffer());
    expect(jpeg.length).toBeLessThanOrEqual(MOST_THUMBNAIL_BYTES);
  });

  test('is not larger than the photo was', async () => {
    expect((await madeOf(await aPhoto(100, 60).png().toBuffer())).width).toBe(100);
  });

  test('of a drawing of the demonstration, too', async () => {
    expect((await madeOf(potholePhoto().content)).width).toBe(320);
  });
});

describe('no picture is made', () => {
  test('of fifty megapixels that weigh some kilobytes', async () => {
    const bomb = await sharp({ create: { width: 10_000, height: 5_000, channels: 3, background: '#777777' } })
      .png({ compressionLevel: 9 })
      .toBuffer();
    expect(bomb.length).toBeLessThan(400_000);
    const before = process.memoryUsage().rss;
    expect(await refusalOf(bomb)).toMatch(/pixel limit/);
    expect(process.memoryUsage().rss - before).toBeLessThan(50_000_000);
  });

  test.each([0.2, 0.6])('of a photo that was cut at %s of its length', async (share) => {
    const whole = await sharp({
      create: {
        width: 900,
        height: 700,
        channels: 3,
        background: '#777777',
        noise: { type: 'gaussian', mean: 128, sigma: 40 },
      },
    })
      .jpeg()
      .toBuffer();
    expect(await refusalOf(whole.subarray(0, Math.floor(whole.length * share)))).not.toBe('none');
  });

  const SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="200"><rect width="300" height="200"/></svg>';
  test.each([
    ['an SVG, which is a document', Buffer.from(SVG)],
    ['an SVG that calls itself a JPEG', Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), Buffer.from(SVG)])],
    ['a PDF', Buffer.from('%PDF-1.7\n1 0 obj\n<<>>\nendobj\n')],
    ['nothing', Buffer.alloc(0)],
    [
      'a signature of a PNG with noise behind it',
      Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(500, 7)]),
    ],
  ])('of %s', async (_, bytes) => {
    expect(await refusalOf(bytes)).not.toBe('none');
  });

  test('of a dot, with which senders count who reads', async () => {
    expect(await refusalOf(await aPhoto(2, 2).png().toBuffer())).toBe('too small');
  });

  test('of a TIFF, whatever the library could do with it', async () => {
    expect(await refusalOf(await aPhoto(300, 200).tiff().toBuffer())).not.toBe('none');
  });
});

test('a photo of a citizen is never taken for one of ours, and ours is whatever follows it', async () => {
  const photo = await aPhoto(400, 300).jpeg().toBuffer();
  expect([isThumbnail(photo), isThumbnail(marked(photo))]).toEqual([false, true]);
  expect([isThumbnail(Buffer.alloc(0)), sizeOf(Buffer.alloc(3)), sizeOf(photo.subarray(0, 20))]).toEqual([
    false,
    null,
    null,
  ]);
});

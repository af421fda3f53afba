import { crc32, deflateSync } from 'node:zlib';

/** Photographs drawn by hand, so that a citizen has something to attach: PNG, 320 by 240. */

export interface Photo {
  fileName: string;
  contentType: string;
  content: Buffer;
}

type Colour = readonly [red: number, green: number, blue: number];

const WIDTH = 320;
const HEIGHT = 240;

/** A hole in the road, seen from the pavement. */
export function potholePhoto(): Photo {
  return photo('nid-de-poule.png', (x, y) => {
    const grain = grainAt(x, y) * 10;
    if (y < 46) return grey(168 + grain + (x % 80 < 2 ? -50 : 0));
    if (y < 58) return grey(120 + grain);
    const depth = holeDepth(x, y);
    if (depth > 0) return brown(74 - depth * 55 + grain);
    if (depth > -0.16) return grey(66 + grain * 2);
    if (y > 196 && y < 206 && x % 90 < 56) return grey(216 + grain);
    return grey(104 + (y - 58) / 12 + grain);
  });
}

/** The enamel plate beside the door: number 12. */
export function houseNumberPhoto(): Photo {
  return photo('numero-de-rue.png', (x, y) => {
    const grain = grainAt(x, y) * 7;
    const [dx, dy] = [Math.abs(x - 160), Math.abs(y - 120)];
    if (dx > 92 || dy > 66) return mortar(x, y, grain);
    if (dx > 84 || dy > 58) return [236, 238, 240];
    return digitAt(x, y) ? [242, 244, 248] : [24 + grain, 62 + grain, 128 + grain];
  });
}

/** A street at nightfall, and the lamp that does not burn. */
export function streetLampPhoto(): Photo {
  return photo('lampadaire.png', (x, y) => {
    const grain = grainAt(x, y) * 6;
    if (isLamp(x, y)) return [30 + grain, 32 + grain, 38 + grain];
    if (y > 206) return grey(58 + grain * 2);
    const isRoof = y > 150 + ((x + 40) % 110) / 3;
    if (isRoof && isLitWindow(x, y)) return [236 + grain, 196 + grain, 116 + grain];
    if (isRoof) return [38 + grain, 36 + grain, 52 + grain];
    return [70 + y / 2 + grain, 84 + y / 3 + grain, 132 + grain];
  });
}

function isLamp(x: number, y: number): boolean {
  const isPost = Math.abs(x - 206) < 4 && y > 60 && y < 214;
  const isArm = y > 56 && y < 63 && x > 138 && x < 210;
  const isHead = y > 60 && y < 76 && Math.abs(x - 140) < 24 - (y - 60) / 2;
  return isPost || isArm || isHead;
}

function isLitWindow(x: number, y: number): boolean {
  return x % 46 > 14 && x % 46 < 26 && y % 30 > 8 && y % 30 < 22 && (x + y) % 3 !== 0;
}

/** Above 0 inside the hole, deepest in its middle. */
function holeDepth(x: number, y: number): number {
  const angle = Math.atan2(y - 138, x - 172);
  const ragged = 1 + 0.1 * Math.sin(angle * 5) + 0.06 * Math.sin(angle * 11 + 1);
  return 1 - Math.hypot((x - 172) / 92, (y - 138) / 44) / ragged;
}

const DIGITS = ['..#...###.', '.##..#...#', '..#......#', '..#.....#.', '..#....#..', '..#...#...', '.###.#####'];
const DOT = 11;

function digitAt(x: number, y: number): boolean {
  const column = Math.floor((x - 105) / DOT);
  const row = Math.floor((y - 82) / DOT);
  return DIGITS[row]?.[column] === '#';
}

function mortar(x: number, y: number, grain: number): Colour {
  const shifted = x + (Math.floor(y / 30) % 2) * 32;
  const isJoint = y % 30 < 2 || shifted % 64 < 2;
  return isJoint ? [176 + grain, 168 + grain, 152 + grain] : [206 + grain, 188 + grain, 158 + grain];
}

function grey(level: number): Colour {
  return [level, level, level + 4];
}

function brown(level: number): Colour {
  return [level + 8, level + 2, level - 6];
}

/** Between -1 and 1 in few steps, the same at each run. */
function grainAt(x: number, y: number): number {
  const mixed = Math.sin(x * 12.9898 + y * 78.233) * 43_758.5453;
  return Math.round((mixed - Math.floor(mixed)) * 4) / 2 - 1;
}

function photo(fileName: string, colourAt: (x: number, y: number) => Colour): Photo {
  const rows = Array.from({ length: HEIGHT }, (_row, y) =>
    // Each row of a PNG begins with its filter: 0, none.
    Buffer.from([0, ...Array.from({ length: WIDTH }, (_column, x) => colourAt(x, y).map(byte)).flat()]),
  );
  return { fileName, contentType: 'image/png', content: png(Buffer.concat(rows)) };
}

function byte(level: number): number {
  return Math.min(255, Math.max(0, Math.round(level)));
}

/** https://www.w3.org/TR/png-3/: signature, header, one block of pixels, end. */
function png(pixels: Buffer): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(WIDTH, 0);
  header.writeUInt32BE(HEIGHT, 4);
  // 8 bits a sample, colour type 2: red, green, blue.
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(pixels)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, content: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), content]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(content.length);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}

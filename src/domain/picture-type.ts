/** In hexadecimal. Never SVG: it is a document, with scripts and addresses of its own. */
const SIGNATURES: { type: string; starts: RegExp }[] = [
  { type: 'image/jpeg', starts: /^ffd8ff/ },
  { type: 'image/png', starts: /^89504e470d0a1a0a/ },
  { type: 'image/gif', starts: /^47494638(37|39)61/ },
  { type: 'image/webp', starts: /^52494646.{8}57454250/ },
];

/** What picture it is by its first bytes, whatever it is called; null when it is none that browsers show safely. */
export function pictureType(bytes: Uint8Array): string | null {
  const start = Buffer.from(bytes.subarray(0, 16)).toString('hex');
  return SIGNATURES.find(({ starts }) => starts.test(start))?.type ?? null;
}

import { readFileSync } from 'node:fs';
import { explainRaw, findMails } from '../../src/intake/explain.ts';
import { Parser } from '../../src/intake/parser.ts';
import { MAILBOX } from './sets.ts';

/** Damaged mail: whatever comes out of the wires is called something, in time, and nothing falls over. */

const DEADLINE_MS = 5_000;

export async function runMutants(folder: string, count: number, seed: number): Promise<void> {
  const files = await findMails([folder]);
  const random = generator(seed);
  const parser = new Parser(DEADLINE_MS);
  const kinds = new Map<string, number>();
  let slowestMs = 0;
  let hangs = 0;
  let crashes = 0;
  for (let i = 0; i < count; i++) {
    const file = files[Math.floor(random() * files.length)] ?? '';
    const other = files[Math.floor(random() * files.length)] ?? '';
    const raw = mutant(readFileSync(file), () => readFileSync(other), random);
    const started = performance.now();
    const { kind, reasons } = await explainRaw(file, raw, parser, MAILBOX);
    slowestMs = Math.max(slowestMs, performance.now() - started);
    if (reasons.some((reason) => reason.includes('(too_slow)'))) hangs += 1;
    if (reasons.some((reason) => reason.includes('(died)'))) crashes += 1;
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    if (process.stderr.isTTY && i % 500 === 0) process.stderr.write(`\r${i}/${count}`);
  }
  await parser.stop();
  const peakMb = Math.round(process.resourceUsage().maxRSS / 1_024);
  const shares = [...kinds].map(([kind, times]) => `${kind} ${times}`).join(', ');
  console.log(
    `mutants: ${count} of ${files.length} mails (seed ${seed}): ${crashes} crashes, ${hangs} hangs, slowest ${slowestMs.toFixed(0)} ms, peak ${peakMb} MB; ${shares}`,
  );
}

type Random = () => number;

function mutant(raw: Buffer, another: () => Buffer, random: Random): Buffer {
  const at = (length: number) => Math.floor(random() * length);
  switch (Math.floor(random() * 5)) {
    case 0: {
      const copy = Buffer.from(raw);
      for (let flips = 1 + at(20); flips > 0 && copy.length > 0; flips--) copy[at(copy.length)] = at(256);
      return copy;
    }
    case 1:
      return raw.subarray(0, at(raw.length));
    case 2: {
      const spliced = another();
      return Buffer.concat([raw.subarray(0, at(raw.length)), spliced.subarray(at(spliced.length))]);
    }
    case 3: {
      const lines = raw.toString('latin1').split('\n');
      const end = lines.findIndex((line) => line.trim() === '');
      const header = lines[at(Math.max(1, end))] ?? '';
      return Buffer.from([...Array.from({ length: 1 + at(40) }, () => header), ...lines].join('\n'), 'latin1');
    }
    default: {
      const start = at(raw.length);
      const piece = raw.subarray(start, start + at(2_000));
      const times = 1 + at(50);
      return Buffer.concat([
        raw.subarray(0, start),
        ...Array.from({ length: times }, () => piece),
        raw.subarray(start),
      ]);
    }
  }
}

/** mulberry32: the same seed makes the same mutants. */
function generator(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

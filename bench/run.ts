import { benchIntake } from './intake.ts';
import { benchLatency } from './latency.ts';
import { benchPages } from './pages.ts';
import { benchRender } from './render.ts';
import { benchScanner } from './scanner.ts';
import { benchSweep } from './sweep.ts';
import { benchYear } from './year.ts';

// npm run bench -- [intake|latency|pages|render|scanner|sweep|year …] [--short]
const isShort = process.argv.includes('--short');
const wanted = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const benches: Record<string, () => Promise<void>> = {
  intake: () => benchIntake(isShort ? 300 : 2_000, isShort ? 1 : 3),
  latency: () => benchLatency(isShort ? 20 : 100),
  pages: () => benchPages(isShort ? 5_000 : 100_000, isShort ? 5 : 30),
  render: () => benchRender(isShort ? 1 : 6),
  scanner: async () => benchScanner(),
  sweep: () =>
    benchSweep(isShort ? 1_000 : 100_000, isShort ? [9_000] : [0, 100_000, 400_000, 900_000], isShort ? 5 : 60),
  year: () => benchYear(isShort ? 200 : 10_000, isShort ? 60 : 365),
};
for (const [name, bench] of Object.entries(benches)) {
  if (wanted.length === 0 || wanted.includes(name)) await bench();
}

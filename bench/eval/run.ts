import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { Parser } from '../../src/intake/parser.ts';
import { runMutants } from './mutants.ts';
import { MEASURES, verdicts, type Score } from './sets.ts';

// npm run eval -- DIR [DIR …] [--mutants N] [--seed N] [--names]: DIR is a set, or a folder of sets. One line per figure.
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { mutants: { type: 'string' }, seed: { type: 'string' }, names: { type: 'boolean' } },
});
const parser = new Parser();
for (const given of positionals.length > 0 ? positionals : ['test/fixtures/emails/french']) {
  if (!existsSync(given)) {
    console.error(`${given}: no such folder`);
    process.exitCode = 1;
    continue;
  }
  const folders = MEASURES[basename(given)]
    ? [given]
    : readdirSync(given, { withFileTypes: true }).flatMap((entry) =>
        entry.isDirectory() ? [join(given, entry.name)] : [],
      );
  for (const folder of folders.length > 0 ? folders : [given]) {
    for (const score of (await MEASURES[basename(folder)]?.(folder, parser)) ?? []) show(score);
    show(await verdicts(folder, parser));
  }
  if (values.mutants) await runMutants(given, Number(values.mutants), Number(values.seed ?? 1));
}
await parser.stop();

function show({ set, what, right, of, wrong }: Score): void {
  const share = of === 0 ? '' : ` (${((100 * right) / of).toFixed(1)} %)`;
  const names = values.names && wrong.length > 0 ? `  not: ${wrong.join(' ')}` : '';
  console.log(`${set.padEnd(26)} ${what.padEnd(36)} ${right}/${of}${share}${names}`);
}

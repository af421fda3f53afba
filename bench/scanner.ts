import { readCommand } from '../src/domain/reply-command.ts';
import { splitReply } from '../src/domain/reply-text.ts';
import { htmlToWords } from '../src/intake/html-words.ts';
import { aTown, LISTS } from '../test/domain/plassans.ts';

/** What a megabyte of anything costs the readers of mail: the worst of shapes that send others to sleep. */

const SHAPES = [
  ' ',
  '\n',
  ' \n',
  '\u00a0',
  '> ',
  '>\n',
  '—\n',
  '-- \n',
  'Le ',
  'a écrit :\n',
  'Le 6 avr. 2026, ',
  'On 2024-01-01, ',
  'De : x\n',
  'De : x\nEnvoyé : y\nÀ : z\n',
  '-----Message d’origine-----\n',
  'éà ’:\n',
  'a\n\n',
  '<',
  '<div>',
  '<table><tr><td>',
  '<blockquote>',
  '&nbsp;',
  '<a href="',
  'accepté ',
  'transmettre ',
  'x@y.z> ',
];

export function benchScanner(): void {
  const readers: [string, (text: string) => unknown][] = [
    ['splitReply', splitReply],
    ['htmlToWords', htmlToWords],
    ['readCommand', (text) => readCommand(text, 'desk', { town: aTown(), lists: LISTS }, '2026-04-09')],
  ];
  for (const [name, read] of readers) {
    const times = SHAPES.map((shape) => ({
      shape,
      ms: fastest(() => read(shape.repeat(Math.ceil(1_000_000 / shape.length)))),
    }));
    const worst = times.toSorted((one, other) => other.ms - one.ms)[0];
    console.log(
      `scanner: ${name.padEnd(12)} worst of ${SHAPES.length} shapes of 1 MB: ${worst?.ms.toFixed(0)} ms, ${JSON.stringify(worst?.shape)}`,
    );
  }
}

/** Of three runs: a shared machine only ever adds. */
function fastest(run: () => unknown): number {
  return Math.min(
    ...[1, 2, 3].map(() => {
      const started = performance.now();
      run();
      return performance.now() - started;
    }),
  );
}

import type { Problem } from './config-file.ts';
import { fillPlain, label } from './template.ts';

/** What a command says, on the standard output: every sentence is a template. */

export function printProblems(problems: readonly ReturnType<typeof describe>[]): void {
  print('problems', { problems });
  process.exitCode = 1;
}

export function describe({ file, line, key, found, expected }: Problem) {
  return { place: line === null ? file : `${file}:${line}`, key, found, expected: label('expected', expected) };
}

export function print(template: string, values: object): void {
  process.stdout.write(fillPlain(`console/${template}.txt`, values));
}

import { fillPlain } from '../template.ts';

/**
 * `npm run demo`: the whole loop and a post office to look at it; `--play`: three stories, played and checked. Its mail
 * servers are development packages: an image for production has none, and says so.
 */
export async function runDemo(args: readonly string[]): Promise<void> {
  if (!isInstalled('smtp-server') || !isInstalled('hoodiecrow-imap')) {
    process.stdout.write(fillPlain('console/demo-unavailable.txt', {}));
    process.exitCode = 1;
    return;
  }
  const { openOrPlay } = await import('./run.ts');
  await openOrPlay(args);
}

function isInstalled(name: string): boolean {
  try {
    return import.meta.resolve(name) !== '';
  } catch {
    return false;
  }
}

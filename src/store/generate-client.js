// Generates the Prisma client after an install. Plain JavaScript, because it also runs where only Node 20 is present.
// The generator itself needs no schema engine; the CLI only insists that one is there, so any executable will do.
// Without the CLI (a production install) there is nothing to generate with, and the client comes with the image.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const cli = `${root}/node_modules/prisma/build/index.js`;

if (existsSync(cli)) {
  const { status } = spawnSync('node', [cli, 'generate'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...process.env,
      PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
      CHECKPOINT_DISABLE: '1',
    },
  });
  process.exitCode = status ?? 1;
}

import { readFileSync } from 'node:fs';
import express from 'express';
import { systemClock } from '../src/clock.ts';
import { loadConfig } from '../src/config.ts';
import { createLog } from '../src/log.ts';
import { openStore, type Ground } from '../src/store/store.ts';
import { startWebServer } from '../src/web/server.ts';
import { SECRETS } from './pages-plan.ts';

// The server that is measured, alone in its process: ours, or the same bytes by Express and nothing else.
const [name = '', port = '', databaseUrl = '', bodies = ''] = process.argv.slice(2);
if (name === 'guichet') await startOurs();
else startBare();

// On a shared machine times grow with what others do; what a visit costs does not.
const atReady = process.cpuUsage();
process.on('SIGTERM', () => {
  const { user, system } = process.cpuUsage(atReady);
  process.stdout.write(`${(user + system) / 1_000}\n`, () => process.exit(0));
});

async function startOurs(): Promise<void> {
  const config = loadConfig('config', {});
  if (!config.ok) throw new Error('the sample config does not load');
  const log = createLog('error');
  const store = await openStore({ databaseUrl, onError: (error) => log.error(error) });
  const ground: Ground = { store, config: config.value, clock: systemClock, log, scansPieces: false };
  await startWebServer({
    ground,
    secrets: SECRETS,
    publicUrl: `http://127.0.0.1:${port}`,
    port: Number(port),
    // Visitors come from many addresses: one that comes a hundred times a second is turned away.
    trustedProxies: 1,
    isHealthy: async () => true,
  });
  process.stdout.write('ready\n');
}

function startBare(): void {
  const kept = new Map(Object.entries(JSON.parse(readFileSync(bodies, 'utf8')) as Record<string, string>));
  const app = express();
  app.disable('etag');
  app.use(express.urlencoded({ extended: false }));
  app.use((request, response) => {
    if (request.method === 'POST') response.redirect(303, '/');
    else response.type('html').send(kept.get(request.url) ?? kept.values().next().value);
  });
  app.listen(Number(port), () => process.stdout.write('ready\n'));
}

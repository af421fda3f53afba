import { ConfigWatch } from './admin/config-watch.ts';
import type { Clock } from './clock.ts';
import type { Settings } from './config.ts';
import { readOriginal } from './intake/original.ts';
import { Parser } from './intake/parser.ts';
import { Poller } from './intake/poller.ts';
import { Receiver } from './intake/receiver.ts';
import { PieceScanner } from './jobs/scan-pieces.ts';
import { Scheduler } from './jobs/scheduler.ts';
import { reasonOf, type Log } from './log.ts';
import { createComposer } from './outbound/compose.ts';
import { startDelivering } from './outbound/deliver.ts';
import { openFolder } from './outbound/folder.ts';
import { acceptOwnTemplates } from './outbound/own-templates.ts';
import { createLiveRenderer } from './outbound/live-renderer.ts';
import { openTransport } from './outbound/transport.ts';
import { startEmbeddedPostgres } from './store/embedded-postgres.ts';
import { openStore, type Ground } from './store/store.ts';
import { startWebServer } from './web/server.ts';

/** The flows, wired: they share the ground and meet in the database. */
export interface Guichet {
  ground: Ground;
  port: number;
  /** What a minute brings, at once: for a clock that jumps. */
  tick(): Promise<void>;
  /** Takes nothing new, finishes what is in hand. */
  stop(): Promise<void>;
}

/** Somebody waits before the page. */
const ORIGINAL_DEADLINE_MS = 10_000;
/** A mailbox that was not seen for this long is a fault somebody must hear of. */
const POLL_SILENCE_MS = 10 * 60_000;

/** @throws when the database cannot be reached or migrated, a template is broken, or the port is taken */
export async function startGuichet(settings: Settings, clock: Clock, log: Log): Promise<Guichet> {
  const { linkSecrets: secrets, publicUrl } = settings;
  const closers: (() => Promise<void> | void)[] = [];
  const closeAll = async () => {
    for (const close of closers.splice(0).toReversed()) await close();
  };
  try {
    const databaseUrl = settings.databaseUrl ?? (await embeddedUrl(settings.dataDir, closers));
    const onError = (error: unknown) => log.error({ event: 'database.trouble', reason: reasonOf(error) });
    const store = await openStore({ databaseUrl, onError });
    closers.push(() => store.close());
    const scansPieces = settings.clamd !== null;
    const { own: ownTemplates, faults } = await acceptOwnTemplates(settings.config.templatesDir, settings.config.town);
    for (const { file, line, fault } of faults) log.error({ event: 'template.refused', file, line, fault });
    const ground: Ground = { store, config: { ...settings.config, ownTemplates }, clock, log, scansPieces };

    const { writeTo } = settings.config.outgoing;
    const transport = writeTo === undefined ? openTransport(settings.smtp) : openFolder(writeTo, clock);
    closers.push(() => transport.close());
    const renderer = await createLiveRenderer(settings.config.town, ownTemplates);
    const composer = createComposer(ground, renderer, { secrets, publicUrl });
    const delivery = await startDelivering(ground, composer, transport);
    closers.push(() => delivery.stop());

    const scanner = new PieceScanner(ground, settings.clamd);
    scanner.start();
    closers.push(() => scanner.stop());

    const receiver = new Receiver(ground, { secrets, publicUrl });
    closers.push(() => receiver.stop());
    const poller = new Poller(ground, settings.imap, receiver);
    poller.start();
    closers.push(() => poller.stop());

    const scheduler = new Scheduler(ground);
    scheduler.start();
    closers.push(() => scheduler.stop());

    if (settings.files !== undefined) {
      const prepareTemplates = renderer.prepare;
      const watch = new ConfigWatch(ground, { files: settings.files, prepareTemplates });
      await watch.start();
      closers.push(() => watch.stop());
    }

    const startedAt = Date.now();
    const isHealthy = async () => {
      await store.db.$queryRaw`SELECT 1`;
      const isMailboxSeen = Date.now() - (poller.health.lastPollAt?.getTime() ?? startedAt) < POLL_SILENCE_MS;
      return isMailboxSeen && delivery.isHealthy() && scheduler.isHealthy();
    };
    const { port, trustedProxies } = settings;
    // Not the intake's: a click never delays a mail.
    const originals = new Parser(ORIGINAL_DEADLINE_MS);
    closers.push(() => originals.stop());
    const web = await startWebServer({
      ground,
      secrets,
      publicUrl,
      port,
      trustedProxies,
      isHealthy,
      isOutgoingPaused: () => delivery.isPaused(),
      readOriginal: (raw) => readOriginal(raw, originals),
    });
    closers.push(() => web.stop());
    log.info({ event: 'started', port: web.port });
    const tick = async () => {
      await scheduler.tick();
      await delivery.release();
    };
    return { ground, port: web.port, tick, stop: closeAll };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

async function embeddedUrl(dataDir: string, closers: (() => Promise<void> | void)[]): Promise<string> {
  const server = await startEmbeddedPostgres(dataDir);
  closers.push(() => server.stop());
  return server.url;
}

import { loadConfig, type Config } from '../config.ts';
import { changesBetween, readConfigFiles, type ConfigChange, type ConfigFiles } from '../config-files.ts';
import { reasonOf } from '../log.ts';
import { acceptOwnTemplates } from '../outbound/own-templates.ts';
import { recordConfig } from '../store/config-history.ts';
import type { Ground } from '../store/store.ts';
import type { OwnTemplates } from '../template-files.ts';
import { changedMails, refusedMails, type Fault } from './config-mails.ts';
import { whileRunning } from './while-running.ts';

/**
 * Takes edited config files over while Guichet runs: all of them, or nothing. The files are read again and again, since
 * notices of the system miss a folder mounted into a container and a file put in the place of another.
 */

/** Two looks must agree before a file is judged, or one that is half written would be refused. */
const LOOK_EVERY_MS = 1_000;

export interface ConfigWatchOptions {
  files: ConfigFiles;
  /** Compiles a town's own templates; the answer puts them in place. */
  prepareTemplates(own: OwnTemplates): Promise<() => void>;
}

export class ConfigWatch {
  readonly #ground: Ground;
  readonly #options: ConfigWatchOptions;
  #inUse: ConfigFiles;
  /** Seen at the last look. */
  #seen: string;
  #refused: string | null = null;
  #timer: NodeJS.Timeout | null = null;
  #look: Promise<void> = Promise.resolve();
  #isLooking = false;

  constructor(ground: Ground, options: ConfigWatchOptions) {
    this.#ground = ground;
    this.#options = options;
    this.#inUse = options.files;
    this.#seen = options.files.fingerprint;
  }

  async start(): Promise<void> {
    await recordConfig(this.#ground, { verdict: 'started', fingerprint: this.#inUse.fingerprint, changes: [] }, []);
    this.#timer = setInterval(() => {
      if (!this.#isLooking) void this.look();
    }, LOOK_EVERY_MS);
    this.#timer.unref();
  }

  async stop(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    await this.#look;
  }

  /** One look, after the one in hand. Never throws. */
  look(): Promise<void> {
    this.#look = this.#look.then(() => this.#lookOnce());
    return this.#look;
  }

  async #lookOnce(): Promise<void> {
    this.#isLooking = true;
    try {
      const files = readConfigFiles(this.#inUse.dir);
      const isSteady = files.fingerprint === this.#seen;
      this.#seen = files.fingerprint;
      if (!isSteady) return;
      if (files.fingerprint !== this.#inUse.fingerprint) await this.#judge(files);
      else if (this.#refused !== null) await this.#restore();
    } catch (error) {
      // The database is away, or a folder vanished: the next look tries again.
      this.#ground.log.error({ event: 'config.trouble', reason: reasonOf(error) });
    } finally {
      this.#isLooking = false;
    }
  }

  async #judge(files: ConfigFiles): Promise<void> {
    if (files.fingerprint === this.#refused) return;
    const loaded = loadConfig(files.dir);
    if (!loaded.ok)
      return this.#refuse(
        files,
        loaded.problems.map((problem) => ({ ...problem, section: 'expected' })),
      );
    const { own, faults } = await this.#ownTemplates(files, loaded.value);
    if (faults.length > 0) return this.#refuse(files, faults);
    // What was read must be what was seen.
    if (readConfigFiles(files.dir).fingerprint !== files.fingerprint) return;
    await this.#takeOver(files, { ...loaded.value, ownTemplates: own });
  }

  /** Those in use, when no template was touched: nothing has to be compiled anew. */
  async #ownTemplates(
    files: ConfigFiles,
    { templatesDir, town }: Config,
  ): Promise<{ own: OwnTemplates; faults: Fault[] }> {
    const isTouched = changesBetween(this.#inUse, files).some(({ file }) => file.startsWith('templates/'));
    if (!isTouched) return { own: this.#ground.config.ownTemplates, faults: [] };
    const { own, faults } = await acceptOwnTemplates(templatesDir, town);
    const told = faults.map(({ fault, detail, ...place }) => ({ ...place, key: '', found: detail, ...inWords(fault) }));
    return { own, faults: told };
  }

  async #takeOver(files: ConfigFiles, loaded: Config): Promise<void> {
    const before = this.#ground.config;
    const changes = changesBetween(this.#inUse, files);
    const { config, fixed } = whileRunning(before, loaded);
    const putTemplates = await this.#options.prepareTemplates(config.ownTemplates);
    // A comment, an empty line: nobody has to hear of it.
    if (changes.length > 0) {
      const mails = await changedMails(this.#ground, { before, after: config, changes, fixed });
      await recordConfig(this.#ground, { verdict: 'changed', fingerprint: files.fingerprint, changes }, mails);
    }
    putTemplates();
    this.#ground.config = config;
    this.#inUse = files;
    this.#refused = null;
    if (changes.length > 0) this.#ground.log.info({ event: 'config.changed', changes: changes.map(loggedAs), fixed });
  }

  async #refuse(files: ConfigFiles, faults: readonly Fault[]): Promise<void> {
    const record = { verdict: 'refused' as const, fingerprint: files.fingerprint, changes: [] };
    await recordConfig(this.#ground, record, refusedMails(this.#ground, faults));
    this.#refused = files.fingerprint;
    const logged = faults.map(({ file, line, key, expected }) => ({ file, line, key, expected }));
    this.#ground.log.warn({ event: 'config.refused', problems: logged });
  }

  /** The files are again what is in use. */
  async #restore(): Promise<void> {
    await recordConfig(this.#ground, { verdict: 'restored', fingerprint: this.#inUse.fingerprint, changes: [] }, []);
    this.#refused = null;
    this.#ground.log.info({ event: 'config.restored' });
  }
}

function inWords(fault: string): Pick<Fault, 'section' | 'expected'> {
  return { section: 'templateFaults', expected: fault };
}

/** Of schedule.yaml, with its values; of people and texts, which of them: the log names nobody. */
function loggedAs({ file, key, before, after }: ConfigChange): object {
  const isTold = file === 'schedule.yaml' && !`${before}${after}`.includes('@');
  return isTold ? { file, key, before, after } : { file, key: key.replaceAll(/\[[^\]]*\]/g, '[]') };
}

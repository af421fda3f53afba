import { setTimeout as sleep } from 'node:timers/promises';
import { isAtWork, isLenient, scan, type ClamdAccount } from '../clamd.ts';
import { reasonOf } from '../log.ts';
import { claimPiece, expectScans, giveUpScans, recordScan, releasePiece, waitingPieces } from '../store/scans.ts';
import type { Ground } from '../store/store.ts';

/**
 * Shows every piece to the antivirus; until it has answered « clean », nobody gets it. Pieces wait on their rows: clamd may
 * be down for days, and several instances may work.
 */

/** One query on an index. */
const LOOK_EVERY_MS = 1_000;
const BATCH_COUNT = 100;
/** clamd itself gives up a scan after two minutes (MaxScanTime), and says so. */
const PATIENCE = { scanMs: 130_000, longestPauseMs: 15_000 };
/** Longer than a scan lasts: a claim that is older is of an instance that died, or of a scan that failed. */
const RETRY_AFTER_MS = 150_000;
/** A few bytes. */
const SAMPLE_MS = 10_000;
/** An antivirus that is away for this long is a fault somebody must hear of. */
const ALERT_AFTER_MS = 15 * 60_000;
/** A scan that failed this often, each time on a clamd that had just done another, fails because of the piece. */
const MOST_TRIES = 5;

export class PieceScanner {
  readonly #ground: Ground;
  readonly #account: ClamdAccount | null;
  readonly #patience: typeof PATIENCE;
  readonly #stopping = new AbortController();
  readonly #failures = new Map<string, number>();
  #running: Promise<void> = Promise.resolve();
  /** Null when it is there; undefined when it must be asked whether it is. */
  #awaySince: Date | null | undefined = undefined;
  #isAlerted = false;

  /** Without an account there is no antivirus, which is said once. */
  constructor(ground: Ground, account: ClamdAccount | null, patience = PATIENCE) {
    this.#ground = ground;
    this.#account = account;
    this.#patience = patience;
  }

  start(): void {
    const account = this.#account;
    if (account === null) this.#ground.log.warn({ event: 'antivirus.off' });
    this.#running = this.#run(account === null ? () => this.#standDown() : () => this.#scanWaiting(account));
  }

  /** The piece in hand is let go, for whoever is next. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  /** Rounds until one says that it was the last. */
  async #run(round: () => Promise<'again' | 'away' | 'over'>): Promise<void> {
    let pauseMs = LOOK_EVERY_MS;
    while (!this.#isStopping) {
      const outcome = await round().catch((error: unknown) => {
        if (!this.#isStopping) this.#ground.log.error({ event: 'scan.failed', reason: reasonOf(error) });
        return 'away' as const;
      });
      if (outcome === 'over') return;
      pauseMs = outcome === 'again' ? LOOK_EVERY_MS : Math.min(pauseMs * 2, this.#patience.longestPauseMs);
      await sleep(pauseMs, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
    }
  }

  async #standDown(): Promise<'over'> {
    await giveUpScans(this.#ground);
    return 'over';
  }

  async #scanWaiting(account: ClamdAccount): Promise<'again' | 'away'> {
    await expectScans(this.#ground);
    const waiting = await waitingPieces(this.#ground, RETRY_AFTER_MS, BATCH_COUNT);
    if (this.#awaySince !== null && !(await this.#findAtWork(account))) return 'away';
    for (const sha256 of waiting) {
      // Before each piece: what then fails is not for want of a clamd.
      if (!(await this.#findAtWork(account))) return 'away';
      await this.#scanPiece(sha256, account);
    }
    return 'again';
  }

  async #findAtWork(account: ClamdAccount): Promise<boolean> {
    const isHere = await isAtWork(account, this.#within(SAMPLE_MS));
    if (this.#isStopping) return false;
    if (isHere) await this.#tellHere(account);
    else this.#tellAway();
    return isHere;
  }

  async #scanPiece(sha256: string, account: ClamdAccount): Promise<void> {
    const bytes = await claimPiece(this.#ground, sha256, RETRY_AFTER_MS);
    if (bytes === null) return;
    try {
      const finding = await scan(bytes, account, this.#within(this.#patience.scanMs));
      await recordScan(this.#ground, sha256, finding);
      this.#failures.delete(sha256);
      if (finding.scan !== 'clean') this.#ground.log.warn({ event: 'piece.held', sha256, ...finding });
    } catch (error) {
      if (this.#isStopping) return releasePiece(this.#ground, sha256);
      await this.#countFailure(sha256, error);
    }
  }

  async #countFailure(sha256: string, error: unknown): Promise<void> {
    const { log } = this.#ground;
    const tries = (this.#failures.get(sha256) ?? 0) + 1;
    this.#failures.set(sha256, tries);
    this.#awaySince = undefined;
    log.warn({ event: 'scan.failed', sha256, tries, reason: reasonOf(error) });
    if (tries < MOST_TRIES) return;
    const finding = { scan: 'unscannable', threat: null } as const;
    await recordScan(this.#ground, sha256, finding);
    this.#failures.delete(sha256);
    log.warn({ event: 'piece.held', sha256, ...finding });
  }

  /** Once when it goes, once when it has been away for too long. */
  #tellAway(): void {
    const { clock, log } = this.#ground;
    const now = clock.now();
    if (!this.#awaySince) log.warn({ event: 'scan.trouble', minutes: 0 });
    this.#awaySince ??= now;
    const awayMs = now.getTime() - this.#awaySince.getTime();
    if (awayMs < ALERT_AFTER_MS || this.#isAlerted) return;
    this.#isAlerted = true;
    log.error({ event: 'scan.trouble', minutes: Math.floor(awayMs / 60_000) });
  }

  /** When it was not there before, it may have come with other settings. */
  async #tellHere(account: ClamdAccount): Promise<void> {
    if (this.#awaySince === null) return;
    const { log } = this.#ground;
    const isLax = await isLenient(account, this.#within(SAMPLE_MS)).catch(() => false);
    if (isLax) log.warn({ event: 'antivirus.lenient' });
    if (this.#awaySince !== undefined) log.info({ event: 'scan.resumed' });
    this.#awaySince = null;
    this.#isAlerted = false;
  }

  #within(ms: number): AbortSignal {
    return AbortSignal.any([this.#stopping.signal, AbortSignal.timeout(ms)]);
  }

  get #isStopping(): boolean {
    return this.#stopping.signal.aborted;
  }
}

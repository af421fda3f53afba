import type { Ground, Tx } from '../../../src/store/store.ts';

/** A database that fails on purpose, at a chosen statement: the code sees what it sees when a machine dies. */

export type Crash =
  /** The statement never reaches the database. */
  | { at: 'statement'; number: number }
  /** The connection is cut by the server in the middle of a transaction. */
  | { at: 'terminate'; number: number }
  /** It is committed, and nobody hears of it. */
  | { at: 'commit' };

export class Crashed extends Error {}

export interface Crashing {
  ground: Ground;
  hasCrashed(): boolean;
}

/** The same ground; the crash happens once. */
export function crashing(ground: Ground, crash: Crash): Crashing {
  let statements = 0;
  let isOver = false;
  const fail = (): never => {
    isOver = true;
    throw new Crashed(`crash at ${crash.at}`);
  };
  const beforeStatement = async (cut: (() => Promise<unknown>) | null): Promise<void> => {
    statements += 1;
    if (isOver || crash.at === 'commit' || statements !== crash.number) return;
    if (crash.at === 'statement' || cut === null) return fail();
    isOver = true;
    await cut();
  };
  const inTransaction = (tx: Tx): Tx =>
    watched(tx, () => beforeStatement(() => tx.$queryRaw`SELECT pg_terminate_backend(pg_backend_pid())`));
  const db = watched(
    ground.store.db,
    () => beforeStatement(null),
    async (work, options) => {
      const answer = await ground.store.db.$transaction(async (tx) => work(inTransaction(tx)), options);
      if (crash.at === 'commit' && !isOver) fail();
      return answer;
    },
  );
  return { ground: { ...ground, store: { ...ground.store, db } }, hasCrashed: () => isOver };
}

type Transact = (
  work: (tx: Tx) => Promise<unknown>,
  options?: { maxWait: number; timeout: number },
) => Promise<unknown>;

const STATEMENTS = ['$queryRaw', '$executeRaw', '$queryRawUnsafe', '$executeRawUnsafe'];

/** Every statement of a client, or of its transaction, passes here first. */
function watched<T extends object>(client: T, before: () => Promise<void>, transact?: Transact): T {
  return new Proxy(client, {
    get(target, name) {
      if (name === '$transaction' && transact !== undefined) return transact;
      const value: unknown = Reflect.get(target, name, target);
      if (STATEMENTS.includes(String(name))) return guarded(value, target, before);
      const isModel = value !== null && typeof value === 'object' && typeof name === 'string' && !/^[$_]/.test(name);
      if (!isModel) return value;
      return new Proxy(value, {
        get: (model, method) => guarded(Reflect.get(model, method, model), model, before),
      });
    },
  });
}

function guarded(value: unknown, self: object, before: () => Promise<void>): unknown {
  if (typeof value !== 'function') return value;
  return async (...args: unknown[]): Promise<unknown> => {
    await before();
    return Reflect.apply(value, self, args) as unknown;
  };
}

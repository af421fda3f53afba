import { startEmbeddedPostgres } from '../../src/store/embedded-postgres.ts';

/** A process that owns an embedded PostgreSQL, for a test that kills it: says where it listens, then waits. */
const { url } = await startEmbeddedPostgres(process.argv[2] ?? '');
process.stdout.write(`${url}\n`);
setInterval(() => undefined, 60_000);

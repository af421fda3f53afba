import { defineConfig } from 'prisma/config';

// Only read by Prisma's own command line. Guichet reads DATABASE_URL in src/config.ts.
export default defineConfig({ schema: 'prisma/schema.prisma', migrations: { path: 'prisma/migrations' } });

import { defineConfig } from 'prisma/config';

// Generating the client runs no schema engine, but the CLI wants to download one first. Naming any existing file spares
// that: migrations go through the WebAssembly engine (adapters/persistence/migrate.ts). Set it to a real engine to use
// `prisma migrate`.
process.env['PRISMA_SCHEMA_ENGINE_BINARY'] ??= process.execPath;

export default defineConfig({
  schema: 'schema.prisma',
  migrations: { path: 'migrations' },
  ...(process.env['DATABASE_URL'] === undefined ? {} : { datasource: { url: process.env['DATABASE_URL'] } }),
});

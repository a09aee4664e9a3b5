import { readFile } from 'node:fs/promises';
import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory, DriverAdapterError } from '@prisma/driver-adapter-utils';
import type { SchemaEngine } from '@prisma/schema-engine-wasm';
// The package's main entry imports a .wasm file, which Node does only behind a flag: the glue below it is loaded by hand.
import * as glue from '@prisma/schema-engine-wasm/schema_engine_bg';
import { DatabaseError, Pool } from 'pg';

/**
 * The glue keeps the one instance it works with in a variable of its own. Should this file be loaded twice in a process, a second
 * instance under the first one's calls would give them another memory: so who started it is remembered beside the glue.
 */
const STARTED = Symbol.for('towpath.schema-engine.started');
const shared = globalThis as { [STARTED]?: Promise<void> };

/** Instantiates the WebAssembly module once a process. */
function start(): Promise<void> {
  shared[STARTED] ??= (async () => {
    const manifest = findPackageJSON('@prisma/schema-engine-wasm', import.meta.url);
    if (manifest === undefined) throw new Error('The package @prisma/schema-engine-wasm is missing. Run npm ci again.');
    const module = await WebAssembly.compile(await readFile(join(dirname(manifest), 'schema_engine_bg.wasm')));
    const instance = await WebAssembly.instantiate(module, { './schema_engine_bg.js': glueWithLooseTimers() });
    glue.__wbg_set_wasm(instance.exports);
    (instance.exports as { __wbindgen_start(): void }).__wbindgen_start();
  })();
  return shared[STARTED];
}

/** The module leaves timers of ten seconds behind, which would hold an ending process up: they are let go of. */
function glueWithLooseTimers(): WebAssembly.ModuleImports {
  const imports: Record<string, unknown> = { ...glue };
  for (const [name, value] of Object.entries(imports)) {
    if (!name.startsWith('__wbg_setTimeout_') || typeof value !== 'function') continue;
    imports[name] = (...args: unknown[]) => {
      const timer: unknown = value(...args);
      if (timer instanceof Object && 'unref' in timer && typeof timer.unref === 'function') timer.unref();
      return timer;
    };
  }
  return imports as WebAssembly.ModuleImports;
}

/**
 * Runs a migration's script as one query: PostgreSQL then does all of it or nothing. The adapter's own way cuts the script at
 * each semicolon, also inside a trigger's function.
 */
class WholeScriptPg extends PrismaPg {
  override async connect(): ReturnType<PrismaPg['connect']> {
    const adapter = await super.connect();
    adapter.executeScript = async (script) => {
      await adapter.underlyingDriver().query(script).catch(inEngineTerms);
    };
    return adapter;
  }
}

/** What PostgreSQL said, so that the engine can pass it on; of any other error it would say that there was one. */
function inEngineTerms(error: unknown): never {
  if (!(error instanceof DatabaseError)) throw error;
  const { code = '', severity = '', message, detail, column, hint } = error;
  throw new DriverAdapterError({ kind: 'postgres', code, severity, message, detail, column, hint });
}

/**
 * Prisma's schema engine, the same that `prisma migrate` downloads, as WebAssembly: it needs no download and writes the same
 * `_prisma_migrations` table. Freed, and its connection closed, when `work` is done.
 * @param schema text of schema.prisma
 */
export async function withSchemaEngine<T>(
  connectionString: string,
  schema: string,
  work: (engine: SchemaEngine) => Promise<T>,
): Promise<T> {
  await start();
  const pool = new Pool({ connectionString, max: 1, connectionTimeoutMillis: 10_000, allowExitOnIdle: true });
  try {
    const factory = bindMigrationAwareSqlAdapterFactory(new WholeScriptPg(pool));
    const engine = await glue.SchemaEngine.new({ datamodels: [['schema.prisma', schema]] }, () => undefined, factory);
    return await work(engine).finally(() => engine.free());
  } finally {
    await pool.end();
  }
}

import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { atomizeChangeset, diff as jsonDiffTs } from 'json-diff-ts';
import { create } from 'jsondiffpatch';
import microdiff from 'microdiff';
import { diffDefinitions } from '../../src/domain/diff/diff-definitions.ts';
import { summarize } from '../../src/domain/diff/sentences.ts';
import type { Definition } from '../../src/domain/workflow/definition.ts';
import { readDefinition } from '../../src/domain/workflow/parse-document.ts';
import { HOSTILE_PAIRS } from './diff/hostile-pairs.ts';
import { makeFlow, nextFlow } from './diff/make-flow.ts';

/**
 * The comparison of two parsed workflows beside three libraries that compare JSON, in one run on one machine;
 * then pairs made to be slow or large, each in a process of its own. Exits with 1 where a bound is not kept.
 */

const BOUNDS = { median: 10, hostileTime: 2_000, hostileMemory: 512 };

interface Pair {
  readonly name: string;
  readonly definitions: readonly [Definition, Definition];
  /** The same as plain JSON, for those that know nothing of workflows. */
  readonly documents: readonly [object, object];
}

const patcher = create({ objectHash: (item: object) => String((item as { id?: unknown }).id ?? JSON.stringify(item)) });

const KEYED = { embeddedObjKeys: new Map<RegExp, string>([[/(?:^|\.)(?:steps|nodes|edges)$/, 'id']]) };

/** Each compares a pair and gives back how much it found, in its own units. */
const ENGINES: Readonly<Record<string, (pair: Pair) => number>> = {
  Towpath: ({ definitions: [before, after] }) => {
    // Fresh objects: nothing that an earlier round found is to be found again.
    const diff = diffDefinitions({ ...before }, { ...after });
    summarize(diff, { limit: 12, maxChars: 2_400 });
    return diff.counts.total;
  },
  'json-diff-ts (keyed)': ({ documents: [before, after] }) => jsonDiffTs(before, after, KEYED).length,
  microdiff: ({ documents: [before, after] }) => microdiff(before, after).length,
  'jsondiffpatch (objectHash)': ({ documents: [before, after] }) => (patcher.diff(before, after) === undefined ? 0 : 1),
};

/** How much was found, for those that would have to compute it: what is timed is the comparison alone. */
const COUNTS: Readonly<Record<string, (pair: Pair) => number | null>> = {
  'json-diff-ts (keyed)': ({ documents: [before, after] }) => atomizeChangeset(jsonDiffTs(before, after, KEYED)).length,
  'jsondiffpatch (objectHash)': () => null,
};

function pairOf(name: string, before: string, after: string): Pair {
  const definitions = [readDefinition(before), readDefinition(after)] as const;
  return { name, definitions, documents: [definitions[0].document, definitions[1].document] };
}

function flowPair(steps: number): Pair {
  const flow = makeFlow(steps);
  return pairOf(`${steps.toLocaleString('en')} steps`, JSON.stringify(flow), JSON.stringify(nextFlow(flow)));
}

/** Real versions of workflows that people published, where they are at hand. */
function corpusPairs(): Pair[] {
  const corpus = new URL('../../../shared/corpus/', import.meta.url);
  if (!existsSync(corpus)) return [];
  const files = readdirSync(corpus, { recursive: true, encoding: 'utf8' }).filter((file) => /before\.\w+$/.test(file));
  return files.sort().map((file) => {
    const load = (name: string) => readFileSync(new URL(name, corpus), 'utf8');
    return pairOf(dirname(file), load(file), load(file.replace('before.', 'after.')));
  });
}

interface Timing {
  readonly median: number;
  readonly slowest: number;
}

/** Milliseconds of at least three rounds, of as many as fit in a second and at most 100, after as long a warming up. */
function time(run: () => unknown): Timing {
  const rounds = (least: number, most: number): number[] => {
    const found: number[] = [];
    const end = performance.now() + 1_000;
    while (found.length < least || (found.length < most && performance.now() < end)) {
      const start = performance.now();
      run();
      found.push(performance.now() - start);
    }
    return found.sort((a, b) => a - b);
  };
  rounds(2, 100);
  const milliseconds = rounds(3, 100);
  return { median: milliseconds[milliseconds.length >> 1] ?? 0, slowest: milliseconds.at(-1) ?? 0 };
}

function compareEngines(name: string, pairs: readonly Pair[]): Map<string, Timing> {
  const timings = new Map<string, Timing>();
  console.log(`\n${name}`);
  for (const [engine, run] of Object.entries(ENGINES)) {
    const timing = time(() => pairs.map(run));
    const counts = pairs.map((pair) => (COUNTS[engine] ?? run)(pair));
    const found = counts.includes(null)
      ? ''
      : `${counts.reduce<number>((sum, one) => sum + (one ?? 0), 0).toLocaleString('en')} found`;
    timings.set(engine, timing);
    const figures = `median ${timing.median.toFixed(2)} ms, slowest ${timing.slowest.toFixed(2)} ms`;
    console.log(`  ${engine.padEnd(28)} ${figures.padEnd(44)} ${found}`);
  }
  return timings;
}

interface Measured {
  readonly megabytes: number;
  readonly total: number;
  readonly diff: number;
  /** Of the thread that compares, whatever else the machine is busy with. */
  readonly cpu: number;
  readonly rssBefore: number;
  readonly rssMost: number;
  readonly changes: number;
}

async function measureHostile(name: string): Promise<Measured> {
  const script = fileURLToPath(new URL('./diff/compare-hostile-pair.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', script, name]);
  return JSON.parse(stdout) as Measured;
}

async function compareHostilePairs(): Promise<string[]> {
  console.log(
    '\nHostile pairs: comparison with all views, and the memory that it took on top of the two parsed inputs',
  );
  const broken: string[] = [];
  for (const name of Object.keys(HOSTILE_PAIRS)) {
    const { megabytes, diff, total, cpu, rssBefore, rssMost } = await measureHostile(name);
    const memory = Math.max(0, rssMost - rssBefore);
    const figures = `${megabytes.toFixed(1)} MB each: diff ${diff.toFixed(0)} ms, all ${total.toFixed(0)} ms (CPU ${cpu.toFixed(0)}), ${memory.toFixed(0)} MB`;
    console.log(`  ${name.padEnd(58)} ${figures}`);
    if (cpu > BOUNDS.hostileTime) broken.push(`${name}: ${cpu.toFixed(0)} ms`);
    if (memory > BOUNDS.hostileMemory) broken.push(`${name}: ${memory.toFixed(0)} MB`);
  }
  return broken;
}

const broken: string[] = [];
compareEngines('200 steps', [flowPair(200)]);
const large = compareEngines('2,000 steps', [flowPair(2_000)]);
const [own, keyed] = [large.get('Towpath')?.median ?? 0, large.get('json-diff-ts (keyed)')?.median ?? 0];
if (own > BOUNDS.median) broken.push(`2,000 steps: ${own.toFixed(2)} ms at the median`);
if (own > keyed) broken.push('2,000 steps: slower than json-diff-ts');
const corpus = corpusPairs();
if (corpus.length > 0) compareEngines(`The corpus, ${corpus.length} pairs together`, corpus);
broken.push(...(await compareHostilePairs()));
if (broken.length > 0) {
  console.error(`\nNot within the bounds:\n  ${broken.join('\n  ')}`);
  process.exitCode = 1;
}

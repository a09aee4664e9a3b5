import { performance } from 'node:perf_hooks';
import { blocksView } from '../../../src/domain/diff/blocks-view.ts';
import { codeView } from '../../../src/domain/diff/code-view.ts';
import { diffDefinitions } from '../../../src/domain/diff/diff-definitions.ts';
import { summarize } from '../../../src/domain/diff/sentences.ts';
import { readDefinition } from '../../../src/domain/workflow/parse-document.ts';
import { HOSTILE_PAIRS } from './hostile-pairs.ts';

/** Run in a process of its own: makes and reads one pair, compares it once, cold, and prints what that took. */

const pair = HOSTILE_PAIRS[process.argv[2] ?? '']?.();
if (pair === undefined) throw new Error(`no pair ${process.argv[2]}`);
const texts = pair.map((document) => JSON.stringify(document));
const [before, after] = texts.map((text) => readDefinition(text));
if (before === undefined || after === undefined) throw new Error('a pair is two');
globalThis.gc?.();
const inputs = process.memoryUsage.rss();
const start = performance.now();
const cpuBefore = process.threadCpuUsage();
const diff = diffDefinitions(before, after);
const afterDiff = performance.now();
summarize(diff, { limit: 12, maxChars: 2_400 });
blocksView(before, after, diff);
const afterBlocks = performance.now();
codeView(before, after, diff);
const end = performance.now();
console.log(
  JSON.stringify({
    megabytes: Math.max(...texts.map((text) => Buffer.byteLength(text))) / 2 ** 20,
    diff: afterDiff - start,
    blocks: afterBlocks - afterDiff,
    code: end - afterBlocks,
    total: end - start,
    cpu: (() => {
      const { user, system } = process.threadCpuUsage(cpuBefore);
      return (user + system) / 1000;
    })(),
    rssBefore: inputs / 2 ** 20,
    rssMost: process.resourceUsage().maxRSS / 1024,
    changes: diff.counts.total,
  }),
);

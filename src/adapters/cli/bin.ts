#!/usr/bin/env node
import { describeOldNode } from './needed-node.ts';

// Loaded only afterwards: an older Node would stop at the first import that it does not know, and say so in its own words.
const cure = describeOldNode(process.versions.node);
// biome-ignore lint/style/noRestrictedImports: the command's own start, not the process's.
if (cure === null) await import('./main.ts');
else {
  process.stderr.write(`${cure}\n`);
  process.exitCode = 1;
}

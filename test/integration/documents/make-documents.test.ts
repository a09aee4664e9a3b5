import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { makeDocuments } from '../../../src/adapters/documents/make-documents.ts';
import { documentWork } from '../../../src/use-cases/document-work.ts';
import { LARGE_DOCUMENT } from '../../../src/use-cases/ports/documents.ts';
import type { Documents } from '../../../src/use-cases/ports.ts';
import { SAMPLES } from '../../support/documents/secret-samples.ts';

const maskKey = new Uint8Array(32).fill(3);
const opened: { stop(): Promise<void> }[] = [];
function open(memory?: number) {
  const documents = makeDocuments({ maskKey, ...(memory === undefined ? {} : { memory }) });
  opened.push(documents);
  return documents;
}
afterAll(() => Promise.all(opened.map((documents) => documents.stop())));

/** JSON with so many nodes of about 100 bytes. */
const withNodes = (count: number, name = 'big', task = 'Say hello.') =>
  JSON.stringify({
    name,
    nodes: Array.from({ length: count }, (_, id) => ({ id: `n${id}`, type: 'llm', task, more: [id, id] })),
  });
const LARGE = withNodes(5_000);
const HUGE = withNodes(100_000);
const stored = (source: string) => ({ source, fileName: null, format: 'generic' });

describe('documents above 256 KB', () => {
  it('are read in the thread as they are here', async () => {
    expect(LARGE.length).toBeGreaterThan(LARGE_DOCUMENT);
    const there = open();
    const here = documentWork(() => 'never used');
    expect(await there.take({ source: LARGE, note: 'n' })).toEqual(await here.take({ source: LARGE, note: 'n' }));
    const [before, after] = [stored(LARGE), stored(withNodes(5_001, 'big', 'Say goodbye.'))];
    expect(await there.summarize(before, after)).toEqual(await here.summarize(before, after));
    expect(await there.document(after)).toEqual(await here.document(after));
    const compared = await there.compare(before, after);
    expect(compared.diff).toEqual((await here.compare(before, after)).diff);
    expect(compared.after.document).toEqual({});
  });

  it('have the same masks there as small ones here', async () => {
    const documents = open();
    const note = `${SAMPLES.github}`;
    const small = await documents.take({ source: 'a: 1', note });
    const large = await documents.take({ source: LARGE, note });
    expect(large.note).toMatch(/^masked~github~[0-9a-f]{16}$/);
    expect(large.note).toBe(small.note);
  });

  it('are refused there with every problem and its line', async () => {
    const source = `${LARGE.slice(0, -1)},\n"name": 1,\n"name": 2}`;
    await expect(open().take({ source, fileName: 'big.json' })).rejects.toMatchObject({
      code: 'invalid_definition',
      userMessage: expect.stringContaining('big.json'),
      problems: [{ line: 2 }, { line: 3 }],
    });
  });

  it('leave other work its turns', async () => {
    const documents = open();
    let turns = 0;
    const counting = setInterval(() => turns++, 1);
    await documents.take({ source: HUGE });
    clearInterval(counting);
    // Read in this thread, there would be one or two.
    expect(turns).toBeGreaterThan(20);
  });
});

describe('a document that meets the memory limit', () => {
  it('is refused with a cure, and those behind it are read', async () => {
    const documents = open(96);
    const [tooLarge, next, other] = await Promise.allSettled([
      documents.take({ source: withNodes(100_000) }),
      documents.take({ source: LARGE }),
      documents.compare(stored(HUGE), stored(withNodes(100_000, 'other'))),
    ]);
    expect(tooLarge).toMatchObject({
      status: 'rejected',
      reason: { code: 'too_large', userMessage: expect.stringMatching(/Leave out what is generated/) },
    });
    expect(next).toMatchObject({ status: 'fulfilled', value: { name: 'big' } });
    expect(other).toMatchObject({ status: 'rejected', reason: { code: 'too_large' } });
    expect(await documents.take({ source: LARGE })).toMatchObject({ format: 'generic' });
  });
});

describe('too many at once', () => {
  it('are told to come again', async () => {
    const documents = open();
    const outcomes = await Promise.allSettled(Array.from({ length: 12 }, () => documents.take({ source: LARGE })));
    const refused = outcomes.filter(({ status }) => status === 'rejected');
    expect(refused).toHaveLength(3);
    expect(refused[0]).toMatchObject({
      reason: { code: 'unavailable', userMessage: expect.stringMatching(/Try again/) },
    });
  });

  it('are not begun when it stops', async () => {
    const documents = makeDocuments({ maskKey });
    const outcomes = Promise.allSettled([1, 2, 3].map(() => documents.take({ source: HUGE })));
    await documents.stop();
    expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  });
});

describe('what is compiled', () => {
  it('reads large documents as well', { timeout: 120_000 }, async () => {
    const root = fileURLToPath(new URL('../../../', import.meta.url));
    await mkdir(`${root}test-results`, { recursive: true });
    const folder = await mkdtemp(`${root}test-results/compiled-`);
    try {
      const run = promisify(execFile);
      await run(process.execPath, [
        `${root}node_modules/typescript/bin/tsc`,
        '-p',
        `${root}src/tsconfig.build.json`,
        '--outDir',
        folder,
      ]);
      const address = pathToFileURL(`${folder}/adapters/documents/make-documents.js`).href;
      const compiled: { makeDocuments(options: object): Documents & { stop(): Promise<void> } } = await import(address);
      const documents = compiled.makeDocuments({ maskKey });
      expect(await documents.take({ source: LARGE })).toEqual(await open().take({ source: LARGE }));
      await documents.stop();
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

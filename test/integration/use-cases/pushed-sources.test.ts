import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatBundle } from '../../../src/domain/workflow/bundle/format-bundle.ts';
import { InvalidDefinitionError } from '../../../src/domain/workflow/invalid-definition-error.ts';
import { openTestPersistence, type TestPersistence } from '../../support/database/open-test-persistence.ts';
import { expectRefused, refusalFrom } from '../../support/refusals.ts';
import { type Canal, openCanal, sourceOf } from '../../support/use-cases/open-canal.ts';

let database: TestPersistence;
let canal: Canal;
beforeAll(async () => {
  database = await openTestPersistence();
  canal = await openCanal(database.ports);
});
afterAll(() => database.end());

const push = (workflow: string, source: string, more: { fileName?: string; format?: string; note?: string } = {}) =>
  canal.useCases.pushVersion({ actor: canal.as('U0DEV'), workflow, source, ...more });
const sourceIn = (workflow: string, version: string, file?: string) =>
  canal.useCases.showSource({
    workspaceId: canal.workspaceId,
    workflow,
    version,
    ...(file === undefined ? {} : { file }),
  });
const versionOf = (workflow: string, version = '1') =>
  canal.useCases.showVersion({ workspaceId: canal.workspaceId, workflow, version });

describe('the source of a version', () => {
  it.each([
    ['a byte order mark and Windows line ends', '\uFEFFname: x\r\nnodes:\r\n  - {id: a}   # why\r\n\r\n'],
    ['JSON with its own blanks and escapes', '{ "name":"x",\n\t"a" : "\\u00e9\\/" , "n": 1.0 }\n\n'],
    ['front matter', '---\nmodel: gpt\n---\nsystem:\n  Hello {{name}}\n'],
  ])('is given back byte for byte: %s', async (what, source) => {
    const workflow = `bytes-${what.length}`;
    await push(workflow, source);
    expect(await sourceIn(workflow, '1')).toMatchObject({ source, isBundle: false });
  });

  it('is given back file by file, of several', async () => {
    const files = [
      { path: 'promptfooconfig.yaml', content: 'prompts: [file://p/a.txt]\nproviders: [openai:gpt-4o]\n' },
      { path: 'p/a.txt', content: 'Answer {{q}}.\r\n' },
    ];
    await push('several', formatBundle(files));
    expect(await sourceIn('several', '1')).toMatchObject({ source: formatBundle(files), isBundle: true });
    expect(await sourceIn('several', '1', 'p/a.txt')).toEqual({
      source: 'Answer {{q}}.\r\n',
      fileName: 'p/a.txt',
      isBundle: false,
    });
    const refusal = await refusalFrom(sourceIn('several', '1', 'p/b.txt'));
    expectRefused(refusal, 'unknown_file');
    expect(refusal.userMessage).toContain('It has p/a.txt, promptfooconfig.yaml.');
  });

  it('is one file by its name where there is but one', async () => {
    await push('named', 'a: 1', { fileName: 'flow.yaml' });
    expect(await sourceIn('named', '1', 'flow.yaml')).toMatchObject({ source: 'a: 1' });
    expectRefused(await refusalFrom(sourceIn('named', '1', 'other.yaml')), 'unknown_file');
  });
});

describe('the format of a push', () => {
  it('is told from the content, unless somebody names it', async () => {
    await push('told', sourceOf('Hello.'));
    expect((await versionOf('told')).format).toBe('towpath');
    await push('forced', sourceOf('Hello.'), { format: 'generic' });
    expect((await versionOf('forced')).format).toBe('generic');
  });

  it('is no part of the content: named otherwise, the same file is no new version', async () => {
    await push('same', sourceOf('Hello.'));
    expect(await push('same', sourceOf('Hello.'), { format: 'generic' })).toMatchObject({ created: false });
    expect((await versionOf('same')).contentHash).toBe((await versionOf('forced')).contentHash);
  });

  it('is refused where nobody knows it, with the nearest one', async () => {
    const error = await push('odd', 'a: 1', { format: 'langflwo' }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(InvalidDefinitionError);
    expect((error as InvalidDefinitionError).userMessage).toMatch(
      /‘langflwo’ is no known format; did you mean ‘langflow’\?/,
    );
  });
});

describe('a push that changes nothing that runs', () => {
  const drawn = (x: number, credential: string) =>
    JSON.stringify({
      name: 'drawn',
      nodes: [
        {
          ...{ id: 'a', name: 'A', type: 'n8n-nodes-base.httpRequest', typeVersion: 1, position: [x, 0] },
          parameters: { url: 'https://example.com' },
          credentials: { httpHeaderAuth: { id: credential, name: 'header' } },
        },
      ],
      connections: {},
    });

  it('is a version all the same, and says so', async () => {
    await push('drawn', drawn(0, 'one'));
    const moved = await push('drawn', drawn(50, 'one'));
    expect(moved).toMatchObject({ created: true, diff: { functional: false } });
    expect(moved.diff?.lines[0]).toMatch(/^No functional change/);
    const rebound = await push('drawn', drawn(50, 'two'));
    expect(rebound.diff?.lines[0]).toBe('No functional change: 1 connection differs.');
    const [first, third] = [await versionOf('drawn', '1'), await versionOf('drawn', '3')];
    expect([first.logicHash === third.logicHash, first.contentHash === third.contentHash]).toEqual([true, false]);
  });
});

describe('a secret that changed', () => {
  it('is a new version that says only that', async () => {
    const withKey = (key: string) => `name: keyed\nnodes: [{ id: a, api_key: ${key} }]\n`;
    await push('keyed', withKey('first-k3y'), { note: 'the password is password=Tr0ub4dor-3' });
    expect(await push('keyed', withKey('first-k3y'))).toMatchObject({
      created: false,
      masked: { secrets: [{ line: 2 }] },
    });
    const { diff } = await push('keyed', withKey('other-k3y'));
    expect(diff?.lines).toHaveLength(1);
    expect(diff?.lines[0]).toMatch(/secret/);
    expect((await versionOf('keyed')).note).toMatch(/^the password is password=masked~/);
  });
});

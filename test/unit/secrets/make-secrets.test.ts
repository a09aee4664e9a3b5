import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeSecrets } from '../../../src/adapters/secrets/make-secrets.ts';
import { ownVariables } from '../../../src/domain/configuration/check-secrets.ts';
import { parseTowpathYaml } from '../../../src/domain/configuration/parse-towpath-yaml.ts';

let folder: string;
let vault: Server;
let asked: { url: string; headers: IncomingHttpHeaders }[] = [];
const held: Record<string, { status?: number; body?: string; hang?: boolean }> = {
  '/v1/secret/data/openai': { body: JSON.stringify({ data: { data: { key: 'sk-vault', port: 1 }, metadata: {} } }) },
  '/v1/team%20a/data/x/y': { body: JSON.stringify({ data: { data: { key: 'deep' } } }) },
  '/v1/secret/data/deleted': { body: JSON.stringify({ data: { data: null } }) },
  '/v1/secret/data/closed': { status: 403, body: '{"errors":["permission denied"]}' },
  '/v1/secret/data/sealed': { status: 503 },
  '/v1/secret/data/broken': { body: 'no JSON' },
  '/v1/secret/data/endless': { body: `"${'x'.repeat(3 * 1024 * 1024)}"` },
  '/v1/secret/data/slow': { hang: true },
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'towpath-secrets-'));
  vault = createServer(({ url = '', headers }, response) => {
    asked.push({ url, headers });
    const answer = held[url] ?? { status: 404 };
    if (answer.hang !== true) response.writeHead(answer.status ?? 200).end(answer.body ?? '');
  });
  await new Promise<void>((listening) => vault.listen(0, '127.0.0.1', listening));
});
afterAll(async () => {
  vault.closeAllConnections();
  await new Promise((closed) => vault.close(closed));
  await rm(folder, { recursive: true });
});

const address = () => `http://127.0.0.1:${(vault.address() as AddressInfo).port}`;
const secrets = (namespace: string | null = null) =>
  makeSecrets({
    variable: (name) => ({ KEY: 'from the environment', BLANK: '' })[name],
    folders: ['/nowhere', folder],
    vault: { address: address(), token: () => 'hvs.token', namespace, timeout: 300 },
  });
const refusal = (code: string, words: string) =>
  expect.objectContaining({ code, userMessage: expect.stringContaining(words) });
const at = (path: string, key = 'key') => ({ vault: { path, key } });

describe('A secret', () => {
  it('of a variable is its value; an empty one is none', async () => {
    expect(await secrets().read({ env: 'KEY' })).toBe('from the environment');
    for (const name of ['BLANK', 'toString', 'NONE'])
      await expect(secrets().read({ env: name })).rejects.toThrow(`The variable ${name} is not set`);
  });

  it('is no variable that Towpath itself signs or judges by', async () => {
    const file = parseTowpathYaml(
      `runners: { judge: { protocol: openai, url: https://judge.example/v1, secret: '\${JUDGE_KEY}', model: m } }
environments:
  - name: development
    webhooks: [{ url: https://hooks.example, secret: '\${HOOK_SECRET}' }]
  - name: production
    requires: { gates: [{ url: 'https://gate.example/ask', secret: '\${GATE_SECRET}' }] }
`,
      { fileName: 'towpath.yaml' },
    );
    const barred = ownVariables(file);
    const guarded = makeSecrets({ variable: () => 'a key', barred, folders: [], vault: null });
    for (const env of ['JUDGE_KEY', 'HOOK_SECRET', 'GATE_SECRET'])
      await expect(guarded.read({ env })).rejects.toThrow(`${env} is one that Towpath itself signs or judges by`);
    expect(await guarded.read({ env: 'OTHER' })).toBe('a key');
  });

  it('of a file is its text without the last line end', async () => {
    const path = join(folder, 'key');
    await writeFile(path, 'two\nlines\r\n');
    expect(await secrets().read({ file: path })).toBe('two\nlines');
  });

  it('is refused where the file is missing, empty, too long or no file at all, and says which', async () => {
    await mkdir(join(folder, 'inner'));
    await writeFile(join(folder, 'empty'), '\n');
    await writeFile(join(folder, 'long'), 'x'.repeat(64 * 1024 + 1));
    await symlink('/dev/zero', join(folder, 'zero'));
    await symlink('/etc/hostname', join(folder, 'outside'));
    for (const [name, why] of [
      ['missing', 'can’t be read (ENOENT)'],
      ['empty', 'is empty'],
      ['long', 'longer than 64 KB'],
      ['zero', 'in none of the folders'],
      ['outside', 'in none of the folders'],
      ['../x', 'can’t be read (ENOENT)'],
      ['.', 'in none of the folders'],
      ['inner', 'can’t be read (ENOTFILE)'],
    ] as const) {
      await expect(secrets().read({ file: join(folder, name) })).rejects.toEqual(refusal('secret_unavailable', why));
    }
  });

  it('of Vault is asked for with its token, its namespace and an escaped path', async () => {
    asked = [];
    expect(await secrets().read(at('secret/openai'))).toBe('sk-vault');
    expect(await secrets('team').read(at('team a/x/y'))).toBe('deep');
    expect(asked.map(({ url }) => url)).toEqual(['/v1/secret/data/openai', '/v1/team%20a/data/x/y']);
    expect(asked[0]?.headers).toMatchObject({ 'x-vault-token': 'hvs.token', 'x-vault-request': 'true' });
    expect(asked.map(({ headers }) => headers['x-vault-namespace'])).toEqual([undefined, 'team']);
  });

  it.each([
    ['secret/none', 'key', '404'],
    ['secret/closed', 'key', '403'],
    ['secret/sealed', 'key', '503'],
    ['secret/deleted', 'key', 'no such value'],
    ['secret/openai', 'other', 'no such value'],
    ['secret/openai', 'toString', 'no such value'],
    ['secret/openai', 'port', 'no text'],
    ['secret/broken', 'key', 'no such value'],
    ['secret/endless', 'key', 'TOO_LONG'],
    ['secret/slow', 'key', 'TimeoutError'],
  ])('of Vault at %s, %s is refused with %s, and nothing of an answer', async (path, key, why) => {
    const read = secrets().read(at(path, key));
    await expect(read).rejects.toEqual(refusal('secret_unavailable', why));
    await expect(read).rejects.not.toThrow(/permission denied|sk-vault|hvs/);
  });

  it('of Vault is refused where no Vault was named', async () => {
    const none = makeSecrets({ variable: () => undefined, folders: [], vault: null });
    await expect(none.read(at('secret/openai'))).rejects.toEqual(refusal('secret_unavailable', 'VAULT_ADDR'));
  });
});

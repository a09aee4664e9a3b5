import { request } from 'undici';
import { z } from 'zod';
import { Refusal } from '../../domain/refusal.ts';

/** How a HashiCorp Vault is reached. */
export interface VaultAccess {
  /** `VAULT_ADDR`, such as `https://vault.example.com:8200`. */
  readonly address: string;
  /** `VAULT_TOKEN`. */
  readonly token: () => string;
  /** `VAULT_NAMESPACE`; null: none. */
  readonly namespace: string | null;
  /** Milliseconds that an answer may take; 5,000 unless said. */
  readonly timeout?: number;
}

const PATIENCE = 5_000;
/** Bytes of an answer: Vault keeps at most 1 MB in one secret. */
const LONGEST = 2 * 1024 * 1024;
/** As KV version 2 answers; a deleted version has no data. */
const Answer = z.object({ data: z.object({ data: z.record(z.string(), z.unknown()).nullable() }) });

/**
 * One value of a secret of the KV engine, version 2.
 * @param at `path` is MOUNT/NAME
 * @throws Refusal secret_unavailable
 */
export async function readVaultSecret(vault: VaultAccess, at: { path: string; key: string }): Promise<string> {
  const refuse = (why: string) =>
    new Refusal('secret_unavailable', `Vault has no ${at.key} at ${at.path} for Towpath: ${why}.`);
  const { status, body } = await get(vault, at.path).catch((error: { code?: unknown; name?: unknown }) => {
    const what = error.name === 'TimeoutError' ? error.name : (error.code ?? error.name);
    throw refuse(`no answer (${String(what ?? 'unknown error').slice(0, 60)})`);
  });
  if (status === 403) throw refuse('its token is not allowed to read that (403)');
  if (status === 404) throw refuse('nothing is there (404)');
  if (status !== 200) throw refuse(`it answered ${status}`);
  const parsed = Answer.safeParse(body);
  const value =
    parsed.success && Object.hasOwn(parsed.data.data.data ?? {}, at.key) ? parsed.data.data.data?.[at.key] : null;
  if (typeof value !== 'string' || value === '') throw refuse('there is no such value, or it is no text');
  return value;
}

async function get(vault: VaultAccess, path: string): Promise<{ status: number; body: unknown }> {
  const [mount = '', ...name] = path.split('/').map(encodeURIComponent);
  const url = new URL(
    `v1/${mount}/data/${name.join('/')}`,
    vault.address.endsWith('/') ? vault.address : `${vault.address}/`,
  );
  const headers = {
    'x-vault-token': vault.token(),
    'x-vault-request': 'true',
    ...(vault.namespace === null ? {} : { 'x-vault-namespace': vault.namespace }),
  };
  const signal = AbortSignal.timeout(vault.timeout ?? PATIENCE);
  const answer = await request(url, { headers, signal });
  if (answer.statusCode !== 200) {
    await answer.body.dump({ limit: LONGEST });
    return { status: answer.statusCode, body: null };
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of answer.body as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    if (length > LONGEST) throw Object.assign(new Error('too long'), { code: 'TOO_LONG' });
    chunks.push(chunk);
  }
  return { status: 200, body: parse(Buffer.concat(chunks).toString('utf8')) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

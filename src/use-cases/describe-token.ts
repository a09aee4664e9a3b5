import type { ApiToken } from '../domain/token.ts';
import { tokenState } from '../domain/token.ts';
import { tagEnvironment } from './find-things.ts';
import type { Reading } from './ports.ts';
import type { TokenView } from './views.ts';

/** Tokens as people are shown them: nothing of their text, and nothing to guess it by. */
export async function describeTokens(tx: Reading, tokens: readonly ApiToken[]): Promise<TokenView[]> {
  const ids = tokens.flatMap(({ environmentId }) => environmentId ?? []);
  const environments = await tx.environments.getMany([...new Set(ids)]);
  return tokens.map((token) => {
    const environment = token.environmentId === null ? undefined : environments.get(token.environmentId);
    const { name, scopes, isPersonal, createdBy, createdAt, expiresAt, lastUsedAt } = token;
    return {
      ...{ name, scopes, isPersonal, createdBy, createdAt, expiresAt, lastUsedAt },
      environment: environment === undefined ? null : tagEnvironment(environment),
      isExpired: tokenState(token, tx.now) === 'expired',
      isReplaced: token.rotatedAt !== null,
    };
  });
}

/** @throws Error where there is not exactly one */
export async function describeToken(tx: Reading, token: ApiToken): Promise<TokenView> {
  const [view] = await describeTokens(tx, [token]);
  if (view === undefined) throw new Error('A token is described as one.');
  return view;
}

/** What the audit keeps of a token. */
export function auditedToken({ name, environmentId, scopes, createdBy, expiresAt, rotatedAt }: ApiToken): object {
  return { name, environmentId, scopes, createdBy, expiresAt, rotatedAt };
}

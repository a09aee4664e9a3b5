import { hash as digest, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { looksLikeToken, tokenState } from '../../domain/token.ts';
import type { KnownToken } from '../../use-cases/ports/tokens.ts';
import type { Principal } from './principal.ts';
import { RequestProblem } from './request-problem.ts';
import type { TokenBook } from './token-book.ts';

/** Longer than any token; what is longer is refused unread. */
const LONGEST_HEADER = 1_000;

export interface AuthenticateOptions {
  /** The operator's own, which may everything. Null: there is none. */
  apiToken: string | null;
  /** Left out: the operator's is the only one. */
  tokens?: Pick<TokenBook, 'find' | 'used'>;
}

/** Whose a request is; at once where that is remembered. */
export type Authenticate = (request: Pick<FastifyRequest, 'headers' | 'socket'>) => Principal | Promise<Principal>;

/** What a connection showed last. */
interface Shown {
  readonly header: string;
  /** Of the token. */
  readonly hash: string;
  readonly isOperators: boolean;
}

const OPERATOR: Principal = { token: null, environment: null, stillGood: () => true };

/**
 * A check of the bearer token. Only its hash is compared, the operator's in constant time and a kept one by looking it up, so that
 * the answer's timing tells nothing of a token. Its text is compared with nothing but what its own connection showed before, and
 * is held for as long as that is open and no longer.
 */
export function makeAuthenticate({ apiToken, tokens }: AuthenticateOptions): Authenticate {
  const expected = apiToken === null ? null : Buffer.from(sha256(apiToken));
  const letIn = tokens === undefined ? null : makeLetIn(tokens);
  const unknown = () => refused(apiToken === null ? NO_TOKEN_YET : UNKNOWN);
  const read = (header: string | undefined): Shown => {
    const given = bearerOf(header);
    if (header === undefined || given === null) throw refused(apiToken === null ? NO_TOKEN_YET : NONE_GIVEN);
    const hash = sha256(given);
    const isOperators = expected !== null && timingSafeEqual(Buffer.from(hash), expected);
    if (!isOperators && !looksLikeToken(given)) throw unknown();
    return { header, hash, isOperators };
  };
  // A connection mostly shows the same token again, and to read it takes longer than all else. Forgotten with the connection.
  const shown = new WeakMap<object, Shown>();
  return ({ headers: { authorization }, socket }) => {
    const before = shown.get(socket);
    const now = before !== undefined && before.header === authorization ? before : read(authorization);
    if (now !== before) shown.set(socket, now);
    if (now.isOperators) return OPERATOR;
    if (letIn === null) throw unknown();
    return letIn(now.hash);
  };
}

/** Lets kept tokens in, or throws why not. */
function makeLetIn({ find, used }: Pick<TokenBook, 'find' | 'used'>): (hash: string) => Principal | Promise<Principal> {
  const principals = new WeakMap<KnownToken, Principal>();
  const principalOf = (hash: string, token: KnownToken | null): Principal => {
    const found = judge(token);
    used(found.id);
    const known = principals.get(found);
    if (known !== undefined) return known;
    const principal = { token: found, environment: found.environment, stillGood: stillGood(hash) };
    principals.set(found, principal);
    return principal;
  };
  const stillGood = (hash: string) => () => {
    const isGood = (token: KnownToken | null) => whyNot(token) === null;
    const found = find(hash);
    return found instanceof Promise ? found.then(isGood, () => false) : isGood(found);
  };
  return (hash) => {
    const found = find(hash);
    return found instanceof Promise ? found.then((token) => principalOf(hash, token)) : principalOf(hash, found);
  };
}

function judge(token: KnownToken | null): KnownToken {
  const why = whyNot(token);
  if (why !== null) throw why;
  return token as KnownToken;
}

/** Why a token lets nobody in now, or null. An expired one is told so: only its holder can ask. */
function whyNot(token: KnownToken | null): RequestProblem | null {
  if (token === null) return refused(UNKNOWN);
  const state = tokenState(token, new Date());
  const how = token.isPersonal ? 'Log in again with `towpath login`.' : 'Ask an admin for a new one.';
  if (state !== 'good') return refused(`This token ${state === 'expired' ? 'has expired' : 'was revoked'}. ${how}`);
  if (token.isPersonal && token.creatorStanding !== 'member')
    return refused('This token is of somebody who is no member of the workspace any more.');
  if (token.environment?.isArchived === true)
    return new RequestProblem('not_permitted', 'The environment of this token is not part of the pipeline any more.');
  if (token.environment === null && token.creatorStanding === 'deactivated')
    return new RequestProblem(
      'not_permitted',
      'This token acts in the name of somebody whose account is deactivated. Ask an admin for a new one.',
    );
  return null;
}

const NO_TOKEN_YET =
  'This server has no API token yet. Set TOWPATH_API_TOKEN (at least 32 characters) and start it again, or make a token with `/towpath token create`.';
const NONE_GIVEN = 'This takes a token. Send it as “Authorization: Bearer TOKEN”.';
const UNKNOWN =
  'This token is not known here. Check that it is whole; `/towpath tokens` lists those that are, beside TOWPATH_API_TOKEN of the server.';

function refused(why: string): RequestProblem {
  return new RequestProblem('unauthorized', why);
}

function bearerOf(header: string | undefined): string | null {
  if (header === undefined || header.length > LONGEST_HEADER) return null;
  return /^Bearer +(\S+)$/i.exec(header)?.[1] ?? null;
}

/** Hex, as tokens are kept by. */
function sha256(text: string): string {
  return digest('sha256', text, 'hex');
}

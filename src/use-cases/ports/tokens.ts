import type { SlackStanding } from '../../domain/person.ts';
import type { ApiToken, Scope } from '../../domain/token.ts';
import type { Page, PageRequest } from './paging.ts';

/** A token as a request that shows it is judged by. */
export interface KnownToken
  extends Pick<ApiToken, 'id' | 'name' | 'scopes' | 'createdBy' | 'isPersonal' | 'expiresAt' | 'revokedAt'> {
  /** Null for a token that acts on workflows. */
  environment: { id: string; name: string; aliases: readonly string[]; isArchived: boolean } | null;
  /** Its creator's, as Slack says it now. */
  creatorStanding: SlackStanding;
}

export interface TokenReader {
  /** By the hash of its text; in whatever state it is. */
  findByHash(hash: string): Promise<KnownToken | null>;
  /** Those not revoked, newest first; one that another took the place of only while it is good. `of`: one person's own alone. */
  list(page: PageRequest, of?: { personId: string }): Promise<Page<ApiToken>>;
}

export interface TokenWriter {
  /**
   * The one of that name that no other took the place of and that is not revoked. From here to the end of the transaction nobody
   * else does anything with that name.
   */
  findCurrentLocked(name: string): Promise<ApiToken | null>;
  create(token: {
    name: string;
    hash: string;
    environmentId: string | null;
    scopes: readonly Scope[];
    createdBy: string;
    expiresAt: Date | null;
    /** The token that it takes the place of. */
    rotatesId?: string;
    /** Its creator acts by it. */
    isPersonal?: boolean;
  }): Promise<ApiToken>;
  /** Another one takes its place: it is good until `expiresAt`. */
  retire(id: string, expiresAt: Date): Promise<void>;
  /** All of that name, old ones too. Returns those that were not revoked before. */
  revoke(name: string, by: string): Promise<ApiToken[]>;
  /** Good tokens of one person's own. From here to the end of the transaction they are given no other. */
  countPersonalLocked(personId: string): Promise<number>;
  /** Notes that these were used now; those noted within the last minute are left alone. */
  touch(ids: readonly string[]): Promise<void>;
}

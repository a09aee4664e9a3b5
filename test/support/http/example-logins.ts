import type { ApiUseCases } from '../../../src/adapters/http/api/api-context.ts';
import type { TokenView } from '../../../src/use-cases/views.ts';

const NOW = new Date('2026-03-01T10:00:00.000Z');

const token: TokenView = {
  ...{ name: 'ci', environment: null, scopes: ['read'], isPersonal: false, createdBy: 'U0ADA' },
  ...{ createdAt: NOW, expiresAt: null, lastUsedAt: NOW, isExpired: false, isReplaced: false },
};
const text = `tp_${'x'.repeat(43)}`;
const decided = () => Promise.reject(new Error('Nobody decides by the operator’s token.'));

/** Logins and tokens, as the API answers them. */
export const exampleLogins: Pick<
  ApiUseCases,
  | 'startLogin'
  | 'collectLogin'
  | 'endLogin'
  | 'whoAmI'
  | 'createToken'
  | 'rotateToken'
  | 'revokeToken'
  | 'listTokens'
  | 'approvePromotion'
  | 'rejectPromotion'
> = {
  startLogin: async () => ({ deviceCode: 'd', code: 'BCDF-GHJK', expiresAt: NOW, interval: 5_000 }),
  collectLogin: async () => ({ kind: 'waiting', expiresAt: NOW }),
  endLogin: async () => ({ name: 'login-laptop-1' }),
  whoAmI: async () => null,
  createToken: async () => ({ text, token }),
  rotateToken: async () => ({ text, token, oldGoodUntil: NOW }),
  revokeToken: async () => ({ name: 'ci', revoked: 1 }),
  listTokens: async () => ({ items: [token], cursor: null }),
  approvePromotion: decided,
  rejectPromotion: decided,
};

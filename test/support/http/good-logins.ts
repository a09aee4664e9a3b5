import { loginPending, loginStarted } from '../../../src/adapters/http/api/login-routes.ts';
import { pageOf } from '../../../src/adapters/http/api/schemas.ts';
import { whoAmI } from '../../../src/adapters/http/api/session-routes.ts';
import { newToken, revokedToken, tokenSchema } from '../../../src/adapters/http/api/token-routes.ts';
import { problemSchema } from '../../../src/adapters/http/problem.ts';

const promotion = '/promotions/0190a0b0-0000-7000-8000-000000000001';
/** What the operator's own token, which no person shows, is answered. */
const onlyPeople = { status: 403, type: 'application/problem+json', schema: problemSchema };

/** One good request of the operator's for every operation of logins and tokens. */
export const goodLogins = {
  startLogin: { path: '/login', body: { device: 'laptop' }, status: 201, schema: loginStarted },
  collectLogin: { path: '/login/token', body: { deviceCode: 'x' }, status: 202, schema: loginPending },
  endLogin: { path: '/login', ...onlyPeople },
  whoAmI: { path: '/whoami', status: 200, schema: whoAmI },
  approvePromotion: { path: `${promotion}/approval`, body: { fingerprint: 'f' }, ...onlyPeople },
  tickItem: { path: `${promotion}/checklist`, body: { item: 'Rollback tested' }, ...onlyPeople },
  rejectPromotion: { path: `${promotion}/rejection`, body: { reason: 'no' }, ...onlyPeople },
  listTokens: { path: '/tokens', status: 200, schema: pageOf(tokenSchema) },
  createToken: {
    ...{ path: '/tokens', status: 201, schema: newToken },
    body: { name: 'ci', scopes: ['read'], expiresIn: '90d', onBehalfOf: 'U0ADA' },
  },
  rotateToken: {
    ...{ path: '/tokens/ci/rotate', status: 201, schema: newToken },
    body: { overlap: '1h', expiresIn: null, onBehalfOf: 'U0ADA' },
  },
  revokeToken: { path: '/tokens/ci', status: 200, schema: revokedToken },
};

/** What takes no token. */
export const OPEN_OPERATIONS: readonly string[] = ['startLogin', 'collectLogin', 'answerGate'];

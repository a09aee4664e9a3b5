import { revokedAnswer, tokensAnswer } from '../blocks/token-answers.ts';
import type { SlackContext } from '../slack-context.ts';
import type { CommandHandler } from './command.ts';
import { parseToken } from './parse-token.ts';
import { incomplete } from './usage.ts';

/** Tokens on one page. */
export const TOKENS_PAGE = 20;

/** The words after `/towpath` about tokens, but for those that show a new one: these open a form (`openTokenModal`). */
export function makeTokenCommands({
  useCases,
}: Pick<SlackContext, 'useCases'>): Record<'login' | 'token' | 'tokens', CommandHandler> {
  return {
    login: () =>
      Promise.reject(incomplete('login', 'Which code does your terminal show? `towpath login` there gives you one.')),
    token: async ({ text, actor }) => {
      const asked = parseToken(text);
      if (asked.act !== 'revoke') throw incomplete('token', 'A new token is shown in a form only.');
      return revokedAnswer(await useCases.revokeToken({ actor, name: asked.name }));
    },
    tokens: async ({ actor }) => tokensAnswer(await useCases.listTokens({ actor, page: { limit: TOKENS_PAGE } })),
  };
}

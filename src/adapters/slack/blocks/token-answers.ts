import type { UseCases } from '../../../use-cases/use-cases.ts';
import type { TokenView } from '../../../use-cases/views.ts';
import { MORE_TOKENS } from '../actions/action-ids.ts';
import type { Answer } from '../answers/answer.ts';
import { button } from './button.ts';
import { fitMessage } from './fit-message.ts';
import { environment, inWords, mention, moment, typed } from './mrkdwn.ts';
import { buttons, context, IMPORTANCE, type Part, section } from './parts.ts';
import { escaped, plain } from './text.ts';

/*
 * What is shown of tokens. The text of one stands in `newToken` alone, for a modal.
 */

/** `/towpath tokens` */
export function tokensAnswer({ items, cursor }: Awaited<ReturnType<UseCases['listTokens']>>): Answer {
  if (items.length === 0)
    return {
      text: `There is none. ${typed('towpath login')} on a command line lets it act as you; for programs, an admin makes a token with ${typed('/towpath token create NAME --scope read')}.`,
    };
  const more = cursor === null ? null : button(MORE_TOKENS, 'More', { cursor });
  return fitMessage('API tokens', [
    section('*API tokens*', IMPORTANCE.essential),
    ...items.map((token) => section(tokenLines(token), IMPORTANCE.needed)),
    ...buttons([more]),
    context(`${typed('/towpath token revoke NAME')} ends one.`, IMPORTANCE.note),
  ]);
}

function tokenLines(token: TokenView): string {
  const { lastUsedAt, expiresAt, isReplaced, isExpired, createdBy, createdAt } = token;
  const used = lastUsedAt === null ? 'never used' : `last used ${moment(lastUsedAt)}`;
  return [
    `*${escaped(token.name, 80)}*${isReplaced ? ' (the old one)' : ''}: ${whatItMay(token)}`,
    `By ${mention(createdBy)} ${moment(createdAt)}, ${used}, ${ending(expiresAt, isExpired)}`,
  ].join('\n');
}

function whatItMay({ scopes, environment: where, isPersonal, createdBy }: TokenView): string {
  if (isPersonal) return `acts as ${mention(createdBy)}`;
  const may = inWords(scopes.map((scope) => escaped(scope, 40)));
  return where === null ? may : `${may} in ${environment(where)}`;
}

function ending(expiresAt: Date | null, isExpired: boolean): string {
  if (expiresAt === null) return 'never expires';
  return `${isExpired ? 'expired' : 'expires'} ${moment(expiresAt)}`;
}

export function revokedAnswer({ name, revoked }: { name: string; revoked: number }): Answer {
  const older = revoked > 1 ? ', and what it took the place of' : '';
  return { text: `The token ${escaped(name, 80)} lets nobody in any more${older}.` };
}

/** A new token, for the one pair of eyes that may see it. */
export function newToken({
  text,
  token,
  oldGoodUntil,
}: {
  text: string;
  token: TokenView;
  oldGoodUntil?: Date;
}): Part[] {
  const old = oldGoodUntil === undefined ? '' : ` The old one is good until ${moment(oldGoodUntil)}.`;
  return [
    section(
      `*${escaped(token.name, 80)}*: ${whatItMay(token)}, ${ending(token.expiresAt, false)}.${old}`,
      IMPORTANCE.essential,
    ),
    {
      block: {
        type: 'rich_text',
        elements: [{ type: 'rich_text_preformatted', elements: [{ type: 'text', text: plain(text, 200) }] }],
      },
      importance: IMPORTANCE.essential,
    },
    context('Copy it now: it is shown this once, to you alone, and kept by nobody.', IMPORTANCE.essential),
  ];
}

/** The form that was to show a new token is gone. */
export function unseenToken(name: string): Answer {
  const rotate = typed(`/towpath token rotate ${name} --overlap 0`);
  return {
    text: `The token ${escaped(name, 80)} was made but could not be shown, and it is shown only once. ${rotate} makes another in its place.`,
  };
}

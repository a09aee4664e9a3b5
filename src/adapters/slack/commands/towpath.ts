import { distance } from 'fastest-levenshtein';
import { Refusal } from '../../../domain/refusal.ts';
import type { SlackContext } from '../slack-context.ts';
import { makeAdminCommands } from './admin.ts';
import { makeCheckCommands } from './checks.ts';
import type { CommandHandler } from './command.ts';
import { makeEnvCommand } from './env.ts';
import { helpFor, wholeHelp } from './help.ts';
import { makeHoldCommands } from './hold.ts';
import { asksForHelp } from './parse-act.ts';
import { makeRolloutCommand } from './rollout.ts';
import { makeShowCommands } from './show.ts';
import { makeTokenCommands } from './token.ts';
import { takeWords } from './typed-text.ts';
import { type CommandName, USAGE } from './usage.ts';

/** What follows `/towpath`, by its first word. Push is missing: it opens a form. */
const BARE_IS_ENOUGH = new Set(['env', 'status', 'roles', 'webhooks', 'agents', 'audit', 'tokens', 'locks']);

/** Whether `/towpath` was typed to push a file. */
export function wantsPush(text: string): boolean {
  const { words } = takeWords(text, 2);
  return words[0]?.toLowerCase() === 'push' && words[1]?.toLowerCase() !== 'help';
}

/** `/towpath WORD …` */
export function makeTowpathCommand(
  context: SlackContext & { ensureKnown: (userId: string) => Promise<void> },
): CommandHandler {
  const handlers: Record<string, CommandHandler> = {
    ...makeShowCommands(context),
    ...makeAdminCommands(context),
    ...makeTokenCommands(context),
    ...makeHoldCommands(context),
    ...makeCheckCommands(context),
    rollout: makeRolloutCommand(context),
    env: makeEnvCommand(context),
  };
  return async (request) => {
    const { words, rest } = takeWords(request.text, 1);
    const word = words[0]?.toLowerCase() ?? 'help';
    if (word === 'help' || word === '?') return helpAbout(rest, context.publicUrl);
    const handle = Object.hasOwn(handlers, word) ? handlers[word] : undefined;
    if (handle === undefined) return word === 'push' ? helpFor('push') : Promise.reject(unknownWord(word));
    if (asksForHelp(rest) && !(BARE_IS_ENOUGH.has(word) && takeWords(rest, 1).words.length === 0))
      return helpFor(word as CommandName);
    return handle({ ...request, text: rest });
  };
}

function helpAbout(rest: string, publicUrl: string | null) {
  const asked = takeWords(rest, 1).words[0]?.toLowerCase().replace(/^\//, '');
  return asked !== undefined && Object.hasOwn(USAGE, asked) ? helpFor(asked as CommandName) : wholeHelp(publicUrl);
}

/** Offers the nearest word, also where one of the other commands was meant. */
function unknownWord(word: string): Refusal {
  const short = word.slice(0, 40);
  const [nearest] = Object.keys(USAGE).sort((a, b) => distance(short, a) - distance(short, b));
  const form =
    nearest === undefined || distance(short, nearest) > Math.max(2, nearest.length / 2)
      ? null
      : USAGE[nearest as CommandName].form;
  const guess = form === null ? '' : ` Did you mean \`${form}\`?`;
  return new Refusal(
    'invalid_input',
    `There is no \`/towpath ${short.replaceAll('`', '')}\`.${guess} \`/towpath help\` lists everything.`,
  );
}

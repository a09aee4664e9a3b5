import { environmentsMatching } from '../../../domain/environment.ts';
import { deployedAnswer } from '../blocks/act-answers.ts';
import type { SlackContext } from '../slack-context.ts';
import type { CommandHandler } from './command.ts';
import { helpFor } from './help.ts';
import { asksForHelp, parseDeploy, type TypedDeploy } from './parse-act.ts';
import { takeWords } from './typed-text.ts';

/** `/deploy WORKFLOW [VERSION]` */
export function makeDeployCommand({ useCases, ports }: Pick<SlackContext, 'useCases' | 'ports'>): CommandHandler {
  return async ({ text, actor, channelId }) => {
    if (asksForHelp(text)) return helpFor('deploy');
    const typed = parseDeploy(text);
    const pipeline = await ports.reading(actor.workspaceId, (tx) => tx.environments.pipeline());
    const elsewhere = environmentAfterVersion(
      typed,
      (word) => environmentsMatching(pipeline, word).find((e) => isWhole(e, word))?.rank ?? 0,
    );
    const receipt = await useCases.deployVersion({
      actor,
      originChannel: channelId,
      ...typed,
      // The use case says that /deploy reaches the first environment only, and what does instead.
      ...(elsewhere === null ? {} : { version: elsewhere }),
    });
    return deployedAnswer(receipt);
  };
}

/** `v12 to staging` would otherwise go to development with "to staging" as its reason. */
function environmentAfterVersion({ reason }: TypedDeploy, rankOf: (word: string) => number): string | null {
  const { words } = takeWords(reason ?? '', 2);
  const [first, second] = words;
  if (first === undefined) return null;
  const word = /^(to|in|on)$/i.test(first) ? second : first;
  return word !== undefined && rankOf(word) > 0 ? word : null;
}

function isWhole({ name, aliases }: { name: string; aliases: readonly string[] }, word: string): boolean {
  return [name, ...aliases].some((known) => known.toLowerCase() === word.toLowerCase());
}

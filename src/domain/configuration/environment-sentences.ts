import canonicalize from 'canonicalize';
import type { Environment } from '../environment.ts';
import { policySentences } from '../policy/policy-sentences.ts';
import { durationText } from '../settings/setting-name.ts';
import { webhookWords } from '../settings/webhooks-told.ts';

/** What is other of an environment than before, its settings left out, in sentences for its channel. */
export function environmentSentences(before: Environment, now: Environment): string[] {
  const { name, policy } = now;
  const was = before.policy;
  const differs = (field: (of: Environment) => unknown) =>
    canonicalize(field(before) ?? null) !== canonicalize(field(now) ?? null);
  const told: [boolean, string][] = [
    [differs((of) => of.policy.stricter), `What ${name} asks of single workflows and departments besides changed.`],
    [
      differs((of) => of.policy.expireAfter),
      `Promotions to ${name} now expire after ${durationText(policy.expireAfter)}; it was ${durationText(was.expireAfter)}.`,
    ],
    [
      differs((of) => of.policy.rollback),
      `Who rolls back in ${name} now has to be ${policy.rollback.role} at least; it was ${was.rollback.role}.`,
    ],
    [
      differs((of) => of.runPayloads),
      `Inputs and outputs of runs in ${name} are ${now.runPayloads === true ? 'kept from now on, masked' : 'not kept any more'}.`,
    ],
    [
      differs((of) => of.webhooks),
      `Webhooks of ${name} now tell ${webhookWords(now.webhooks)}; they told ${webhookWords(before.webhooks)}.`,
    ],
    [
      differs((of) => of.aliases),
      `Short names of ${name}: ${now.aliases.length === 0 ? 'none any more' : now.aliases.join(', ')}.`,
    ],
    [differs((of) => of.channel), `What happens in ${name} is told here from now on.`],
  ];
  return [...policySentences(name, was, policy), ...told.flatMap(([isSo, sentence]) => (isSo ? [sentence] : []))];
}

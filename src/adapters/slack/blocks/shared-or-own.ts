import type { KnownBlock } from '@slack/types';
import type { Answer } from '../answers/answer.ts';
import { fitMessage } from './fit-message.ts';
import { inWords, typed } from './mrkdwn.ts';
import { context, IMPORTANCE, type Part, section } from './parts.ts';
import { escaped } from './text.ts';

/** What is the same everywhere, and what each environment has for itself. The README has the same table. */
export const SHARED_OR_OWN: readonly (readonly [shared: string, own: string])[] = [
  ['the version: steps, prompts, tools, logic, schemas', 'variables, names of secrets and where each comes from'],
  ['its label, author and source', 'default provider, model and model parameters; overrides for single steps'],
  ['its hashes, and what a comparison of versions says', 'limits, MCP servers, data sources, runner'],
  ['the workflow’s department and owner', 'policy, channel, webhooks; runs, traces and memory, by namespace'],
];

/** `/towpath env` */
export function sharedOrOwnAnswer(environments: readonly string[]): Answer {
  const names = inWords(environments.map((name) => escaped(name, 60)));
  const [first = 'ENVIRONMENT', second = first] = environments;
  return fitMessage('What all environments share, and what each has for itself', [
    section(`*A version is the same in ${names}. The rest is the environment’s.*`, IMPORTANCE.essential),
    table(),
    section(
      [
        `${typed(`/towpath env ${second}`)} shows what ${escaped(second, 60)} gives, with a form to change it.`,
        `${typed(`/towpath env ${second} WORKFLOW`)} shows what one workflow gets there, and what it lacks.`,
        `${typed(`/towpath env diff ${first} ${second}`)} shows what the two give otherwise.`,
      ].join('\n'),
      IMPORTANCE.needed,
    ),
    context(
      `From a phone: ${typed(`/towpath env ${second} set NAME=value`)}, ${typed(`/towpath env ${second} unset NAME`)}.`,
      IMPORTANCE.note,
    ),
  ]);
}

function table(): Part {
  const cell = (text: string) => ({ type: 'raw_text' as const, text });
  const rows = [['Shared by all environments', 'Each environment has for itself'], ...SHARED_OR_OWN];
  const block: KnownBlock = {
    type: 'table',
    column_settings: [{ is_wrapped: true }, { is_wrapped: true }],
    rows: rows.map(([shared = '', own = '']) => [cell(shared), cell(own)]),
  };
  return { block, importance: IMPORTANCE.needed };
}

import type { KnownBlock } from '@slack/types';
import type { SuiteView } from '../../../use-cases/views.ts';
import { EDIT_SUITE, RUN_TESTS } from '../actions/action-ids.ts';
import type { Answer } from '../answers/answer.ts';
import { button } from './button.ts';
import { counted } from './figures.ts';
import { fitMessage } from './fit-message.ts';
import { mention, moment, slug, typed } from './mrkdwn.ts';
import { buttons, context, IMPORTANCE, type Part, section } from './parts.ts';
import { escaped, plain } from './text.ts';

const SHOWN = 2_500;

/** `/towpath suite WORKFLOW`: the cases that the workflow has to pass. */
export function suiteAnswer({ workflow, number, source, name, cases, savedBy, savedAt }: SuiteView): Answer {
  const title = `Suite of ${slug(workflow)}`;
  const left = source.length - SHOWN;
  const rest = left > 0 ? `Shortened here: ${typed(`towpath suite show ${workflow.slug}`)} prints all of it. ` : '';
  return fitMessage(title, [
    section(
      `*${title}*: ${escaped(name, 100)}, ${counted(cases, 'case')}\nNumber ${number}, saved by ${mention(savedBy)} ${moment(savedAt)}`,
      IMPORTANCE.essential,
    ),
    verbatim(source),
    ...buttons([
      button(EDIT_SUITE, 'Change it', { workflow: workflow.slug }),
      button(RUN_TESTS, 'Run it', { workflow: workflow.slug }),
    ]),
    context(`${rest}${typed(`towpath suite set ${workflow.slug} FILE`)} takes a file.`, IMPORTANCE.note),
  ]);
}

function verbatim(source: string): Part {
  const block: KnownBlock = {
    type: 'rich_text',
    elements: [{ type: 'rich_text_preformatted', elements: [{ type: 'text', text: plain(source, SHOWN) }] }],
  };
  return { block, importance: IMPORTANCE.changes };
}

/** Where there is none: what one is, and the form for it. */
export function noSuiteAnswer(workflow: string): Answer {
  const name = escaped(workflow, 80);
  const text = `${name} has no suite yet: cases with an input, and what has to be true of what comes out.`;
  return fitMessage(text, [
    section(text, IMPORTANCE.essential),
    ...buttons([button(EDIT_SUITE, 'Write one', { workflow })]),
    context(`${typed(`towpath suite set ${workflow} FILE`)} takes a file.`, IMPORTANCE.note),
  ]);
}

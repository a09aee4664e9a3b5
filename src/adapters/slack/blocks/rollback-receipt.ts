import type { RollbackReceiptView } from '../../../use-cases/views.ts';
import { FULL_DIFF, UNDO_ROLLBACK } from '../actions/action-ids.ts';
import { button } from './button.ts';
import { changes } from './changes.ts';
import { fitMessage, type SlackMessage } from './fit-message.ts';
import { duration, environment, mention, moment, slug, typed, version } from './mrkdwn.ts';
import { buttons, context, header, IMPORTANCE, type Part, quote, section } from './parts.ts';
import { escaped } from './text.ts';

/** What a rollback did: what went, what came back, how long that had run before, and what it means for the version that went. Pure. */
export function rollbackReceipt(view: RollbackReceiptView, note?: Part): SlackMessage {
  const where = environment(view.environment);
  return fitMessage(
    `${mention(view.by)} rolled ${slug(view.workflow)} back in ${where}: ${version(view.restored)} is live again`,
    [
      header(`${view.workflow.slug} · rolled back in ${view.environment.name}`),
      section(sentences(view).join('\n'), IMPORTANCE.essential),
      ...(view.reason === null ? [] : [quote(view.reason, IMPORTANCE.reason)]),
      ...(note ? [note] : []),
      changes(`What changed back, v${view.removed.number} → v${view.restored.number}`, view.diff),
      ...buttons([undo(view), fullDiff(view)]),
      ...(view.undoneAt === null && view.undoUntil !== null
        ? [context(`${mention(view.by)} can undo this until ${moment(view.undoUntil)}.`, IMPORTANCE.note)]
        : []),
    ],
  );
}

function sentences(view: RollbackReceiptView): string[] {
  const { removed, restored } = view;
  const where = environment(view.environment);
  const done = `Rolled back by ${mention(view.by)} ${moment(view.at)}`;
  if (view.undoneAt !== null) {
    return [
      `*Undone* ${moment(view.undoneAt)}: *${version(removed)}* is live in ${where} again and can be promoted again.`,
      done,
    ];
  }
  const lift = typed(`/towpath unquarantine ${view.workflow.slug} v${removed.number} REASON`);
  return [
    `*${version(restored)}* is live in ${where} again. It had run there for ${duration(view.restoredRanFor)} before.`,
    ...(view.lacks === null
      ? []
      : [
          `⚠️ With the settings of today ${escaped(view.lacks, 600)}. It runs with those that it last ran with, until ${where} fills it again.`,
        ]),
    `*${version(removed)}* is out. It can't be promoted anywhere until an admin allows it with ${lift}.`,
    done,
  ];
}

function undo(view: RollbackReceiptView) {
  if (view.undoUntil === null || view.undoneAt !== null) return null;
  const text = `v${view.removed.number} goes live in ${view.environment.name} again at once, and v${view.restored.number} goes out.`;
  const confirm = { title: 'Undo the rollback?', text, yes: 'Undo', no: 'Leave it' };
  return button(UNDO_ROLLBACK, 'Undo', { rollbackId: view.rollbackId }, { confirm });
}

function fullDiff(view: RollbackReceiptView) {
  return button(FULL_DIFF, 'Full diff', {
    workflow: view.workflow.slug,
    from: `v${view.removed.number}`,
    to: `v${view.restored.number}`,
  });
}

import type { DeploymentReceiptView } from '../../../use-cases/views.ts';
import { FULL_DIFF, PROMOTE } from '../actions/action-ids.ts';
import { button } from './button.ts';
import { changes } from './changes.ts';
import { fitMessage, type SlackMessage } from './fit-message.ts';
import { environment, mention, moment, slug, version } from './mrkdwn.ts';
import { buttons, header, IMPORTANCE, type Part, quote, section } from './parts.ts';

/** What a deployment to the first environment did: what changed, who, and the way on. Pure. */
export function deploymentReceipt(view: DeploymentReceiptView, note?: Part): SlackMessage {
  const { deployment, replaced } = view;
  const where = environment(view.environment);
  const by = `by ${mention(deployment.deployedBy)} ${moment(deployment.deployedAt)}`;
  const instead = replaced === null ? 'the first there' : `in place of ${version(replaced)}`;
  const what = `*${version(view.version)}* ${deployment.active ? 'is' : 'went'} live in ${where}, ${instead}`;
  const over = deployment.active ? '' : '\nIt is no longer live there.';
  return fitMessage(
    `${mention(deployment.deployedBy)} deployed ${slug(view.workflow)} ${version(view.version)} to ${where}`,
    [
      header(`${view.workflow.slug} · ${view.environment.name}`),
      section(`${what}\nDeployed ${by}${over}`, IMPORTANCE.essential),
      ...(deployment.reason === null ? [] : [quote(deployment.reason, IMPORTANCE.reason)]),
      ...(note ? [note] : []),
      changes(
        replaced === null ? 'What it does' : `What changed, v${replaced.number} → v${view.version.number}`,
        view.diff,
        replaced === null ? 'The first version there: there is nothing to compare it with.' : undefined,
      ),
      ...buttons([promote(view), fullDiff(view)]),
    ],
  );
}

/** Carries the version that the receipt shows: another one that is live by then is not promoted by this button. */
function promote(view: DeploymentReceiptView) {
  if (view.next === null || !view.deployment.active) return null;
  const carried = {
    workflow: view.workflow.slug,
    environment: view.next.name,
    versionId: view.version.id,
    deploymentId: view.deployment.id,
  };
  return button(PROMOTE, `Promote to ${view.next.name}`, carried, { style: 'primary' });
}

function fullDiff(view: DeploymentReceiptView) {
  if (view.replaced === null) return null;
  return button(FULL_DIFF, 'Full diff', {
    workflow: view.workflow.slug,
    from: `v${view.replaced.number}`,
    to: `v${view.version.number}`,
  });
}

import { type Actor, isPersonsAct } from '../domain/actor.ts';
import { type Environment, environmentBefore, getEnvironment, type Pipeline } from '../domain/environment.ts';
import { assertCanAsk } from '../domain/permissions.ts';
import { type Person, satisfies } from '../domain/person.ts';
import { goingOn, isDue, type Promotion } from '../domain/promotion.ts';
import { Refusal } from '../domain/refusal.ts';
import { allMet } from '../domain/requirements/evaluate.ts';
import type { Lock } from '../domain/requirements/lock.ts';
import { assertShare, shareText } from '../domain/rollout.ts';
import { type Version, versionName, type Workflow } from '../domain/version.ts';
import { expire, goStale } from './after-change.ts';
import { postCard, promotionData } from './announce.ts';
import { keepReason } from './decide.ts';
import { describePromotion } from './describe-promotion.ts';
import { getPersonBehind, getWorkflowLocked, tagVersion } from './find-things.ts';
import { judgeLater, rejudge, settle } from './go-live.ts';
import { momentOf } from './holds/moment-of.ts';
import type { Ports, Reading, Transaction } from './ports.ts';
import { review } from './review.ts';
import { whyNoCanary } from './rollout/why-no-canary.ts';
import { refuseUnfilled } from './settings/refuse-unfilled.ts';
import type { RequestResult, UseCases } from './use-cases.ts';

/** What a request is about, once everything it names was found and nothing bars it. */
export interface Proposal {
  actor: Actor;
  person: Person;
  workflow: Workflow;
  pipeline: Pipeline;
  from: Environment;
  to: Environment;
  version: Version;
  /** The share that it starts with, in hundredths of a percent; null for all at once. */
  canary: number | null;
  /** Null: as soon as nothing is missing. */
  deployAt: Date | null;
}

/** Rule 2: asks to take what is active in the environment before to the named one. */
export function makeRequestPromotion({ inTransaction }: Ports): UseCases['requestPromotion'] {
  return (request) =>
    inTransaction(request.actor.workspaceId, async (tx) => {
      const workflow = await getWorkflowLocked(tx, request.workflow);
      const proposal = await propose(tx, request, workflow, () => tx.environments.pipelineLocked());
      const open = await tx.promotions.findOpen(proposal.workflow.id, proposal.to.id);
      let held: Lock[] = [];
      if (open !== null && isDue(open, tx.now)) {
        await expire(tx, proposal.pipeline, open, proposal.workflow);
      } else if (open !== null) {
        const instead = await answerForOpen(tx, proposal, open, request.replace);
        if (instead !== null) return instead;
        // Whoever locked it holds what comes in its place, too.
        held = await tx.holds.unbind(open.id);
        await giveWay(tx, proposal, open);
      }
      return openPromotion(tx, proposal, request, held);
    });
}

/** What a request would ask for, unless something bars it. @throws Refusal */
export async function propose(
  tx: Reading,
  request: Parameters<UseCases['requestPromotion']>[0],
  workflow: Workflow,
  readPipeline: () => Promise<Pipeline>,
): Promise<Proposal> {
  const { actor } = request;
  const person = await getPersonBehind(tx, actor);
  assertCanAsk(person, workflow);
  const pipeline = await readPipeline();
  const to = getEnvironment(pipeline, request.environment);
  const from = environmentBefore(pipeline, to);
  if (from === null) {
    throw new Refusal(
      'no_environment_before',
      `${to.name} is the first environment, so nothing is promoted into it. Use \`/deploy ${workflow.slug}\`.`,
    );
  }
  const version = await activeVersion(tx, workflow, from, to);
  const { expectedVersionId = version.id, expectedNumber = version.number } = request;
  if (expectedVersionId !== version.id || expectedNumber !== version.number) {
    const shown = request.expectedVersionId === undefined ? `v${expectedNumber}` : 'the version on that button';
    throw new Refusal(
      'moved_on',
      `${versionName(version)} is live in ${from.name} now, not ${shown}. Type \`/promote ${workflow.slug} ${to.name}\` to ask for ${versionName(version)}.`,
    );
  }
  const canary = request.canary ?? null;
  await refuseBarred(tx, workflow, version, to, canary);
  await refuseUnfilled(tx, workflow, version, to);
  const deployAt = request.at === undefined ? null : momentOf(request.at, tx.now);
  return { actor, person, workflow, pipeline, from, to, version, canary, deployAt };
}

async function activeVersion(tx: Reading, workflow: Workflow, from: Environment, to: Environment): Promise<Version> {
  const active = await tx.deployments.findActive(workflow.id, from.id);
  if (active !== null) return tx.versions.getById(active.versionId);
  const cure = from.rank === 0 ? `\`/deploy ${workflow.slug}\`` : `\`/promote ${workflow.slug} ${from.name}\``;
  throw new Refusal(
    'nothing_active_before',
    `Nothing of ${workflow.slug} is live in ${from.name}, and only what is live there can go to ${to.name}. Start with ${cure}.`,
  );
}

async function refuseBarred(
  tx: Reading,
  workflow: Workflow,
  version: Version,
  to: Environment,
  canary: number | null,
): Promise<void> {
  const quarantine = (await tx.versions.quarantined([workflow.id])).get(version.id);
  if (quarantine !== undefined) {
    const why = quarantine.reason === null ? '' : ` (“${quarantine.reason.slice(0, 200)}”)`;
    throw new Refusal(
      'quarantined',
      `${versionName(version)} was rolled back by <@${quarantine.by}>${why}, so it can't be promoted. Push a corrected version, or ask an admin for \`/towpath unquarantine ${workflow.slug} v${version.number} REASON\`.`,
    );
  }
  const live = await tx.deployments.findActive(workflow.id, to.id);
  if (live?.versionId === version.id) {
    throw new Refusal(
      'already_active',
      `${versionName(version)} of ${workflow.slug} is live in ${to.name} already. There is nothing to promote.`,
    );
  }
  const running = await tx.deployments.findCandidate(workflow.id, to.id);
  if (running?.versionId === version.id) {
    throw new Refusal(
      'rollout_running',
      `${versionName(version)} of ${workflow.slug} runs in ${to.name} as a canary at ${shareText(running.share)} already. \`/towpath rollout ${workflow.slug} ${to.name} finish\` gives it everything.`,
    );
  }
  if (canary === null) return;
  assertShare(canary);
  const bar = await whyNoCanary(tx, workflow, to, live, version.id, canary);
  if (bar !== null) throw new Refusal(bar.code, bar.sentence);
}

/** Rule 8: one open promotion per workflow and environment. Null: the open one may give way now. */
async function answerForOpen(
  tx: Transaction,
  proposal: Proposal,
  open: Promotion,
  replace: string | undefined,
): Promise<RequestResult | null> {
  const { actor, workflow, pipeline, version, person } = proposal;
  const view = await describePromotion(tx, open, workflow, pipeline);
  if (isSameRequest(proposal, open)) {
    // A rollback keeps it back until a person wants it again.
    if (open.heldSince != null && isPersonsAct(actor)) {
      await tx.promotions.keepBack(open.id, null);
      return settleAgain(tx, proposal, goingOn(open));
    }
    // What was in its way may have gone without an act that judged it again: asking again is the act that deploys (rule 6).
    if (allMet(view.requirements)) return settleAgain(tx, proposal, open);
    return { kind: 'already-open', promotion: view, card: await cardOf(tx, open.id) };
  }
  const approvedBy = [...new Set(open.approvals.map((approval) => approval.by))];
  const may = person.userId === open.requestedBy || satisfies(person.role, 'lead');
  if (approvedBy.length > 0 && !may) {
    throw new Refusal(
      'not_permitted',
      `${view.version.number === version.number ? 'It' : `v${view.version.number}`} is under review for ${view.to.name} and already approved by ${approvedBy.map((id) => `<@${id}>`).join(', ')}. Only <@${open.requestedBy}>, who asked, or a lead can put ${versionName(version)} in its place.`,
    );
  }
  if (replace === open.id) return null;
  if (replace !== undefined)
    throw new Refusal(
      'confirmation_outdated',
      'The request you wanted to replace is no longer the open one. Type the command again to see what is.',
    );
  return { kind: 'confirm-replacement', open: view, proposed: tagVersion(version), approvedBy };
}

/** Asked for without a time, the one that is open stands, whatever time it was asked for. */
export function isSameRequest({ version, canary, deployAt }: Proposal, open: Promotion): boolean {
  const sameTime = deployAt === null || deployAt.getTime() === open.deployAt?.getTime();
  return open.versionId === version.id && open.canary === canary && sameTime;
}

async function settleAgain(
  tx: Transaction,
  { actor, workflow, pipeline }: Proposal,
  open: Promotion,
): Promise<RequestResult> {
  await rejudge(tx, actor, open, workflow, pipeline);
  const now = (await tx.promotions.find(open.id)) ?? open;
  const promotion = await describePromotion(tx, now, workflow, pipeline);
  if (now.status === 'deployed') return { kind: 'deployed', promotion };
  return { kind: 'already-open', promotion, card: await cardOf(tx, open.id) };
}

/** Where a subject's first message was posted, for a link. */
export async function cardOf(
  tx: Pick<Reading, 'announcements'>,
  promotionId: string,
): Promise<{ channel: string; ts: string } | null> {
  const cards = await tx.announcements.listOf(promotionId, 'promotion-card');
  const posted = cards.find((card) => card.channel !== null && card.ts !== null);
  return posted?.channel != null && posted.ts !== null ? { channel: posted.channel, ts: posted.ts } : null;
}

async function giveWay(tx: Transaction, proposal: Proposal, open: Promotion): Promise<void> {
  const { actor, workflow, pipeline, version, to, canary } = proposal;
  const how =
    open.canary === canary ? '' : canary === null ? ' without a canary' : ` as a canary of ${shareText(canary)}`;
  await goStale(tx, actor, pipeline, open, workflow, `${versionName(version)} was asked for${how} instead.`);
  if (open.requestedBy === actor.userId) return;
  const old = await tx.versions.getById(open.versionId);
  const text = `<@${actor.userId}> asked to promote ${versionName(version)} of ${workflow.slug} to ${to.name}${how}. Your request for ${versionName(old)} gave way to it.`;
  await tx.announcements.post({ kind: 'notice', subjectId: open.id, target: open.requestedBy, payload: { text } });
}

async function openPromotion(
  tx: Transaction,
  proposal: Proposal,
  { reason, originChannel }: Parameters<UseCases['requestPromotion']>[0],
  held: readonly Lock[],
): Promise<RequestResult> {
  const { actor, workflow, pipeline, from, to, version, canary, deployAt } = proposal;
  const promotion = await tx.promotions.create({
    workflowId: workflow.id,
    versionId: version.id,
    sourceEnvironmentId: from.id,
    targetEnvironmentId: to.id,
    requestedBy: actor.userId,
    reason: keepReason(reason),
    canary,
    originChannel: originChannel ?? null,
    deployAt,
    // One that waits for its time is not over before it, nor at it.
    expiresAt: new Date((deployAt ?? tx.now).getTime() + to.policy.expireAfter),
  });
  await tx.holds.bind(
    held.map(({ id }) => id),
    promotion.id,
  );
  await tx.audit.record(actor, {
    action: 'promotion.requested',
    subject: `promotion:${promotion.id}`,
    workflowId: workflow.id,
    environmentId: to.id,
    before: null,
    after: promotion,
  });
  const data = promotionData(promotion, workflow, version, to, actor.userId);
  await tx.webhooks.publish({ environment: to, workflow }, 'promotion.requested', data);
  await postCard(tx, promotion, workflow, to);
  const judged = await review(tx, promotion, workflow, pipeline);
  const settled = await settle(tx, actor, workflow, pipeline, judged);
  if (!settled.deployed) await judgeLater(tx, judged);
  return {
    kind: settled.deployed ? 'deployed' : 'opened',
    promotion: await describePromotion(tx, settled.promotion, workflow, pipeline),
  };
}

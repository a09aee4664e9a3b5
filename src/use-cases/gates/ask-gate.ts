import type { GatePolicy } from '../../domain/policy/gates-policy.ts';
import { environmentFor } from '../../domain/policy/policy-for.ts';
import { hashToken } from '../../domain/token.ts';
import { promotionData } from '../announce.ts';
import { getEnvironmentById } from '../find-things.ts';
import type { GateCaller, GateMessage } from '../ports/gate-caller.ts';
import type { KeptGate, Ports, Transaction } from '../ports.ts';
import { review } from '../review.ts';

/** One gate, about one proposal. */
export interface GateAsked {
  workspaceId: string;
  promotionId: string;
  url: string;
  fingerprint: string;
}

const SOONEST = 5_000;
const LATEST = 10 * 60_000;

/**
 * Asks a gate outside about what is proposed; returns when to try again, null where nothing is left to do. It is noted before it is
 * asked, so that its answer finds it; asked twice, after a crash, it gets the same message under the same id. One that can't be asked in
 * the time that it would have to answer is `unreachable`.
 */
export function makeAskGate(
  { inTransaction }: Pick<Ports, 'inTransaction'>,
  caller: GateCaller,
): (asked: GateAsked) => Promise<Date | null> {
  return async (asked) => {
    const answerUrl = caller.answerUrl();
    const token = caller.tokenOf(JSON.stringify([asked.workspaceId, asked.promotionId, asked.url, asked.fingerprint]));
    const found = await inTransaction(asked.workspaceId, (tx) => note(tx, asked, { answerUrl, token }));
    if (found === null) return null;
    const called =
      answerUrl === null
        ? ({ kind: 'failed', why: 'PUBLIC_URL is not set, so it could not answer.', isFinal: true } as const)
        : await caller.call(found.gate, found.message);
    if (called.kind === 'asked') return null;
    return inTransaction(asked.workspaceId, (tx) => tellFailed(tx, asked, found, called));
  };
}

interface Noted {
  gate: GatePolicy;
  kept: KeptGate;
  message: GateMessage;
}

/** Null: it need not be asked any more. */
async function note(
  tx: Transaction,
  { promotionId, url, fingerprint }: GateAsked,
  answer: { answerUrl: string | null; token: string },
): Promise<Noted | null> {
  const promotion = await tx.promotions.find(promotionId);
  if (promotion === null || promotion.status !== 'open') return null;
  const workflow = await tx.workflows.getById(promotion.workflowId);
  const pipeline = await tx.environments.pipeline();
  const target = environmentFor(await getEnvironmentById(tx, pipeline, promotion.targetEnvironmentId), workflow);
  const gate = (target.policy.gates ?? []).find((one) => one.url === url);
  if (gate === undefined) return null;
  // It moved on meanwhile: another job asks about what is proposed now.
  if ((await review(tx, promotion, workflow, pipeline)).fingerprint !== fingerprint) return null;
  const tokenHash = hashToken(answer.token);
  const kept =
    (await tx.evidence.askGate({ promotionId, url, fingerprint, tokenHash })) ??
    (await tx.evidence.findGate(tokenHash));
  if (kept?.state !== 'asked') return null;
  const version = await tx.versions.getById(promotion.versionId);
  const data = {
    ...promotionData(promotion, workflow, version, target, promotion.requestedBy),
    fingerprint,
    answer: {
      url: answer.answerUrl,
      token: answer.token,
      until: new Date(kept.askedAt.getTime() + gate.timeout).toISOString(),
    },
  };
  const body = JSON.stringify({ type: 'gate.asked', timestamp: kept.askedAt.toISOString(), data });
  return { gate, kept, message: { id: `gate_${kept.id.replaceAll('-', '')}`, body } };
}

async function tellFailed(
  tx: Transaction,
  { promotionId }: GateAsked,
  { gate, kept }: Noted,
  { why, isFinal }: { why: string; isFinal: boolean },
): Promise<Date | null> {
  const since = tx.now.getTime() - kept.askedAt.getTime();
  const next = new Date(tx.now.getTime() + Math.min(Math.max(since, SOONEST), LATEST));
  if (!isFinal && next.getTime() < kept.askedAt.getTime() + gate.timeout) return next;
  if (await tx.evidence.answerGate(kept.id, { state: 'unreachable', detail: why }))
    await tx.promotions.markForJudging({ promotionId });
  return null;
}

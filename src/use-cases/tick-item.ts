import type { Actor } from '../domain/actor.ts';
import { assertCanTick } from '../domain/permissions.ts';
import { assertOpen } from '../domain/promotion.ts';
import { Refusal } from '../domain/refusal.ts';
import { assertPerson, type Chosen, choose, decision } from './decide.ts';
import { quoted } from './find-things.ts';
import { rejudge } from './go-live.ts';
import type { Ports, Transaction } from './ports.ts';
import { review } from './review.ts';
import type { Decision, UseCases } from './use-cases.ts';

/** A person says that an item of a promotion's checklist is done. The one that meets the last requirement deploys (rule 6). */
export function makeTickItem({ inTransaction }: Ports): UseCases['tickItem'] {
  return ({ actor, promotionId, item: word }) =>
    inTransaction(actor.workspaceId, async (tx) => {
      const { chosen, item } = await findItem(tx, actor, promotionId, word);
      const changed = await tx.evidence.tick(promotionId, { item, by: actor.userId, at: tx.now });
      if (changed) await record(tx, actor, chosen, 'checklist.ticked', item);
      return judged(tx, actor, chosen, changed);
    });
}

/** Takes a tick back, whoever gave it: what is not done is not done. */
export function makeUntickItem({ inTransaction }: Ports): UseCases['untickItem'] {
  return ({ actor, promotionId, item: word }) =>
    inTransaction(actor.workspaceId, async (tx) => {
      const { chosen, item } = await findItem(tx, actor, promotionId, word);
      const changed = await tx.evidence.untick(promotionId, item);
      if (changed) await record(tx, actor, chosen, 'checklist.unticked', item);
      return judged(tx, actor, chosen, changed);
    });
}

async function findItem(tx: Transaction, actor: Actor, promotionId: string, word: string) {
  assertPerson(actor, 'tick a checklist');
  const chosen = await choose(tx, { promotionId }, 'approve');
  assertOpen(chosen.promotion);
  assertCanTick(await tx.people.get(actor.userId), chosen.workflow);
  const items = chosen.target.policy.checklist ?? [];
  const item = items.find((one) => one === word) ?? items.find((one) => sameWords(one, word));
  if (item !== undefined) return { chosen, item };
  const known = items.length === 0 ? 'It has none.' : `It has: ${items.join(', ')}.`;
  throw new Refusal('unknown_item', `The checklist of ${chosen.target.name} has no item ${quoted(word)}. ${known}`);
}

function sameWords(a: string, b: string): boolean {
  return a.trim().toLowerCase() === b.trim().toLowerCase();
}

async function record(tx: Transaction, actor: Actor, chosen: Chosen, action: string, item: string): Promise<void> {
  const { promotion, workflow, target } = chosen;
  await tx.audit.record(actor, {
    ...{ action, subject: `checklist:${promotion.id}`, workflowId: workflow.id, environmentId: target.id },
    ...(action === 'checklist.ticked' ? { before: null, after: { item } } : { before: { item }, after: null }),
  });
}

async function judged(tx: Transaction, actor: Actor, chosen: Chosen, changed: boolean): Promise<Decision> {
  const { promotion, workflow, pipeline } = chosen;
  const now = changed ? await rejudge(tx, actor, promotion, workflow, pipeline) : promotion;
  const { verdicts } = now.status === 'open' ? await review(tx, now, workflow, pipeline) : { verdicts: [] };
  return decision(tx, chosen, now, changed, verdicts);
}

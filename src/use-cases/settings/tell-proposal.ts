import type { SettingsProposal } from '../../domain/settings/proposal.ts';
import type { SettingsRevision } from '../../domain/settings/settings.ts';
import { reviewersOf } from '../announce.ts';
import type { Transaction } from '../ports.ts';
import { channelOf } from './channel-of.ts';
import { decidedBy } from './describe-proposal.ts';
import { type HeldLayer, layerInWords } from './held-layer.ts';
import { settingsSentences } from './settings-words.ts';

/** Sentences of one notice: it is one message, and the audit holds everything. */
const MOST_TOLD = 20;

/** Posts a card to those who decide on a change of settings: in the channel, or to each of them where none takes it. */
export async function tellProposed(tx: Transaction, held: HeldLayer, proposal: SettingsProposal): Promise<void> {
  const { environment, workflow } = held;
  // Asked for in a direct message (D…), the card would reach nobody who can approve it.
  const typedIn = proposal.originChannel?.startsWith('D') ? null : proposal.originChannel;
  const channel = (await channelOfLayer(tx, held)) ?? typedIn;
  const reviewers = async () =>
    (await reviewersOf(tx, proposal, decidedBy(tx, environment, workflow), environment, [])).userIds;
  for (const target of channel === null ? await reviewers() : [channel])
    await tx.announcements.post({ kind: 'settings-card', subjectId: proposal.id, target });
}

/** Tells of settings that are others from now on: below the card, in the channel, or whoever asked where there is none. */
export async function tellApplied(
  tx: Transaction,
  held: HeldLayer,
  { id, requestedBy, closedBy, restores }: SettingsProposal,
  { number, settings }: SettingsRevision,
): Promise<void> {
  const sentences = settingsSentences(held.before?.settings ?? {}, settings, MOST_TOLD);
  const by = closedBy === null || closedBy === requestedBy ? '' : `, approved by <@${closedBy}>`;
  const text = [
    `<@${requestedBy}> changed the settings of *${layerInWords(held)}*${by} (now number ${number}${restores === null ? '' : `, which brings back number ${restores}`}):`,
    ...bullets(sentences),
  ].join('\n');
  const cards = await tx.announcements.listOf(id, 'settings-card');
  if (cards.length > 0) await tx.announcements.refresh(id);
  // One in a channel that takes it; those in direct messages are not everybody's.
  const card = cards.find(({ target, state }) => /^[CG]/.test(target) && state !== 'failed');
  const channel = cards.length > 0 ? card?.target : await channelOfLayer(tx, held);
  const thread = card === undefined ? {} : { threadOf: card.id };
  await tx.announcements.post({
    kind: 'notice',
    subjectId: id,
    target: channel ?? requestedBy,
    ...thread,
    payload: { text },
  });
}

function bullets(sentences: readonly string[]): string[] {
  return sentences.slice(0, MOST_TOLD).map((line) => `• ${line}`);
}

async function channelOfLayer(tx: Transaction, { environment, workflow }: HeldLayer): Promise<string | null> {
  return workflow === null ? environment.channel : channelOf(tx, environment, workflow.id);
}

import { z } from 'zod';
import { ROLES } from '../../../domain/person.ts';
import { PROPOSAL_STATUSES } from '../../../domain/settings/proposal.ts';
import type { SettingsRevision } from '../../../domain/settings/settings.ts';
import { settingsFile } from '../../../domain/settings/settings-file.ts';
import type { SettingsLayerNow, SettingsProposalView } from '../../../use-cases/views.ts';
import { presentDate } from './present.ts';
import { date, userId } from './schemas.ts';

/** Read by the same schema as the file; what is answered has been checked when it came in. */
const asInFile = z.looseObject({}).describe('One layer, as towpath.yaml writes it: durations are texts such as 30s.');
const number = z
  .number()
  .int()
  .describe('Of the revision, counted in each environment; 0 where nothing was ever given.');
const managed = z.array(z.string()).describe('Fields that towpath.yaml gives: they are changed there only.');

export const settingsProposal = z
  .object({
    id: z.string(),
    status: z.enum(PROPOSAL_STATUSES),
    environment: z.string(),
    workflow: z.string().nullable().describe('Null: what the environment gives every workflow.'),
    sentences: z.array(z.string()).describe('What it changes.'),
    settings: asInFile,
    basedOn: number,
    restores: z.number().int().nullable().describe('Number of the earlier revision that it would bring back.'),
    needs: z.string().describe('What it still needs, in words.'),
    approvals: z.array(z.object({ by: userId, role: z.enum(ROLES), at: date, counts: z.boolean() })),
    requestedBy: userId,
    requestedAt: date,
    reason: z.string().nullable(),
    expiresAt: date,
    closedAt: date.nullable(),
    closedBy: userId.nullable(),
    closeReason: z.string().nullable(),
  })
  .meta({ id: 'SettingsProposal', description: 'A change of settings. It is approved and rejected in Slack.' });

export const layerNow = z
  .object({ number, settings: asInFile, managed, proposal: settingsProposal.nullable().describe('What is open.') })
  .meta({ id: 'SettingsLayer' });

export const layerAnswer = z
  .object({
    environment: z.string(),
    workflow: z.string(),
    layer: layerNow,
    webhooks: z
      .array(z.object({ host: z.string(), events: z.array(z.string()).describe('Empty: every one.') }))
      .nullable()
      .describe('Who is told of it in place of the environment’s endpoints; null: those. Given by towpath.yaml alone.'),
  })
  .meta({ id: 'WorkflowSettings' });

export const changeAnswer = z
  .object({
    status: z.enum(['applied', 'proposed', 'unchanged']),
    number: number.nullable().describe('Of the revision that applies now; null where it waits for approval.'),
    proposal: settingsProposal.nullable(),
  })
  .meta({ id: 'SettingsChange' });

export const settingsRevision = z
  .object({
    number: z.number().int(),
    settings: asInFile,
    managed,
    changedBy: userId,
    via: z.enum(['slack', 'api', 'clock', 'file']),
    reason: z.string().nullable(),
    restores: z.number().int().nullable().describe('Number of the earlier one that it brought back.'),
    at: date,
  })
  .meta({ id: 'SettingsRevision' });

export function presentProposal(view: SettingsProposalView): z.infer<typeof settingsProposal> {
  const { id, status, sentences, restores, needs, requestedBy, reason, closedBy, closeReason } = view;
  return {
    ...{ id, status, sentences, restores, needs, requestedBy, reason, closedBy, closeReason },
    environment: view.environment.name,
    workflow: view.workflow?.slug ?? null,
    settings: { ...settingsFile(view.settings) },
    basedOn: view.baseNumber,
    approvals: view.approvals.map((approval) => ({ ...approval, at: approval.at.toISOString() })),
    requestedAt: view.requestedAt.toISOString(),
    expiresAt: view.expiresAt.toISOString(),
    closedAt: presentDate(view.closedAt),
  };
}

export function presentLayerNow(now: SettingsLayerNow): z.infer<typeof layerNow> {
  return {
    number: now.number,
    settings: { ...settingsFile(now.settings) },
    managed: [...now.managed],
    proposal: now.proposal && presentProposal(now.proposal),
  };
}

/** Hosts only: whole addresses are for admins. */
export function presentWebhooks({ settings: { webhooks } }: SettingsLayerNow): z.infer<typeof layerAnswer>['webhooks'] {
  return webhooks?.map(({ url, events }) => ({ host: new URL(url).host, events: [...events] })) ?? null;
}

export function presentRevision(revision: SettingsRevision): z.infer<typeof settingsRevision> {
  const { number, changedBy, via, reason, restores, at } = revision;
  return {
    ...{ number, changedBy, via, reason, restores },
    settings: { ...settingsFile(revision.settings) },
    managed: [...revision.managed],
    at: at.toISOString(),
  };
}

import { z } from 'zod';
import { ROLES } from '../../domain/person.ts';
import { PROPOSAL_STATUSES, type SettingsProposal } from '../../domain/settings/proposal.ts';
import type { ProposalReader, ProposalWriter } from '../../use-cases/ports.ts';
import { type Context, isUuid, parseFirst, parseRows } from './context.ts';
import { Prisma } from './generated/client.ts';
import { SettingsJson } from './settings.ts';

const ApprovalRow = z.object({
  by: z.string(),
  role: z.enum(ROLES),
  fingerprint: z.string(),
  // Inside JSON, where a time is text.
  at: z.coerce.date(),
});
const ProposalRow: z.ZodType<SettingsProposal> = z.object({
  id: z.string(),
  environmentId: z.string(),
  workflowId: z.string().nullable(),
  settings: SettingsJson,
  baseNumber: z.int(),
  restores: z.int().nullable(),
  status: z.enum(PROPOSAL_STATUSES),
  requestedBy: z.string(),
  reason: z.string().nullable(),
  originChannel: z.string().nullable(),
  requestedAt: z.date(),
  expiresAt: z.date(),
  closedAt: z.date().nullable(),
  closedBy: z.string().nullable(),
  closeReason: z.string().nullable(),
  approvals: z.array(ApprovalRow),
});

const COLUMNS = Prisma.sql`
  p.id, p.environment_id AS "environmentId", p.workflow_id AS "workflowId", p.settings, p.base_number AS "baseNumber", p.restores,
  p.status, p.requested_by AS "requestedBy", p.reason, p.origin_channel AS "originChannel", p.requested_at AS "requestedAt",
  p.expires_at AS "expiresAt", p.closed_at AS "closedAt", p.closed_by AS "closedBy", p.close_reason AS "closeReason",
  COALESCE((
    SELECT jsonb_agg(jsonb_build_object('by', a.user_id, 'role', a.role, 'fingerprint', a.fingerprint, 'at', a.at) ORDER BY a.at, a.id)
    FROM settings_approval a WHERE a.proposal_id = p.id AND a.workspace_id = p.workspace_id
  ), '[]') AS approvals`;

export function proposalReader({ db, workspaceId }: Context): ProposalReader {
  const select = (condition: Prisma.Sql, rest: Prisma.Sql = Prisma.empty): Promise<SettingsProposal[]> =>
    parseRows(
      db.$queryRaw`SELECT ${COLUMNS} FROM settings_proposal p WHERE p.workspace_id = ${workspaceId} AND ${condition} ${rest}`,
      ProposalRow,
    );
  return {
    find: async (id) => (isUuid(id) ? ((await select(Prisma.sql`p.id = ${id}::uuid`))[0] ?? null) : null),
    async findOpen(environmentId, workflowId) {
      if (!isUuid(environmentId) || !isUuid(workflowId ?? environmentId)) return null;
      const layer = workflowId === null ? Prisma.sql`IS NULL` : Prisma.sql`= ${workflowId}::uuid`;
      const place = Prisma.sql`p.environment_id = ${environmentId}::uuid AND p.workflow_id ${layer}`;
      return (await select(Prisma.sql`${place} AND p.status = 'open'`))[0] ?? null;
    },
    async listOpen(environmentId, limit) {
      if (!isUuid(environmentId)) return [];
      const place = Prisma.sql`p.environment_id = ${environmentId}::uuid AND p.status = 'open'`;
      return select(place, Prisma.sql`ORDER BY p.requested_at, p.id LIMIT ${limit}`);
    },
    async findDue() {
      const due = Prisma.sql`p.status = 'open' AND p.expires_at <= statement_timestamp()`;
      return (await select(due, Prisma.sql`ORDER BY p.expires_at, p.id LIMIT 1`))[0] ?? null;
    },
  };
}

export function proposalWriter(context: Context): ProposalWriter {
  const { db, workspaceId } = context;
  return {
    async create(proposal) {
      const {
        environmentId,
        workflowId,
        settings,
        baseNumber,
        restores,
        requestedBy,
        reason,
        originChannel,
        expiresAt,
      } = proposal;
      const row = await parseFirst(
        db.$queryRaw`
          INSERT INTO settings_proposal AS p (workspace_id, environment_id, workflow_id, settings, base_number, restores, requested_by,
            reason, origin_channel, requested_at, expires_at)
          VALUES (${workspaceId}, ${environmentId}::uuid, ${workflowId}::uuid, ${JSON.stringify(settings)}::jsonb, ${baseNumber},
            ${restores}::int, ${requestedBy}, ${reason}, ${originChannel}, ${context.clock.now}, ${expiresAt})
          RETURNING ${COLUMNS}`,
        ProposalRow,
      );
      if (row === null) throw new Error('A proposal was not written.');
      return row;
    },
    async save({ id, status, closedAt, closedBy, closeReason, approvals }) {
      const data = { status, closedAt, closedBy, closeReason };
      const { count } = await db.settingsProposal.updateMany({ where: { id, workspaceId, status: 'open' }, data });
      if (count !== 1) throw new Error(`The proposal ${id} is not open, so it can't be changed.`);
      if (approvals.length === 0) return;
      await db.$executeRaw`
        INSERT INTO settings_approval (workspace_id, proposal_id, user_id, role, fingerprint, at)
        SELECT ${workspaceId}, ${id}::uuid, by, role, fingerprint, at
        FROM jsonb_to_recordset(${JSON.stringify(approvals)}::jsonb)
          AS given(by text, role text, fingerprint text, at timestamptz)
        ORDER BY at ON CONFLICT DO NOTHING`;
    },
  };
}

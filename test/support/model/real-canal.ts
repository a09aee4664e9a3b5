import { randomBytes } from 'node:crypto';
import { defaultConfiguration, type GivenSettings } from '../../../src/domain/configuration/configuration.ts';
import type { Role } from '../../../src/domain/person.ts';
import { makeApplyConfiguration } from '../../../src/use-cases/apply-configuration.ts';
import { withDirectory } from '../../../src/use-cases/with-directory.ts';
import type { TestPersistence } from '../database/open-test-persistence.ts';
import { activate, anEnvironment } from '../database/seed.ts';
import { type Canal, canalOf, FLOW, profile } from '../use-cases/open-canal.ts';
import { type Asked, CanalModel, ENVIRONMENTS } from './canal-model.ts';
import { look } from './look.ts';
import { type Worker, workerOf } from './real-worker.ts';
import { FIRST_TRAITS, sourceLike } from './traits.ts';

/** What is acted on: a workspace of its own in a database that many share. */
export interface RealCanal extends Worker {
  db: TestPersistence;
  canal: Canal;
  /** What Slack said of who is in which group is remembered no more. */
  forgetGroups(): void;
  /** Has the environments ask, and be set, as the model says, as a start with another towpath.yaml does. */
  configure(model: CanalModel): Promise<void>;
  /** Notes that something came about. */
  count(what: string): void;
}

export const PEOPLE: Record<string, Role> = {
  ...{
    U0VIC: 'viewer',
    U0DEV: 'member',
    U0MAX: 'member',
    U0LEE: 'lead',
    U0LIV: 'lead',
    U0ADA: 'admin',
    U0ABE: 'admin',
  },
};
const OWNER = 'U0MAX';
/** Of v1, v2 and v3. */
const AUTHORS = ['U0DEV', 'U0LEE', 'U0DEV'];
/** Slack's user groups. */
export const GROUPS: Record<string, readonly string[]> = { S0SRE: ['U0MAX', 'U0LIV'], S0CALL: ['U0LEE'] };
const DAY = 86_400_000;

const environmentsOf = (asked: (name: string) => Asked) =>
  ENVIRONMENTS.map((name, rank) =>
    anEnvironment(name, rank, {
      policy: { ...asked(name), expireAfter: 7 * DAY, rollback: { role: 'member' } },
    }),
  );

/** A workspace that others are copied from: getting one ready step by step takes longer than all that is then done in it. */
export interface Mould {
  workspaceId: string;
  at: Date;
}

/** v1 is live everywhere, v2 in development and staging, and v3 in development. */
export async function makeMould(db: TestPersistence): Promise<Mould> {
  const workspaceId = `T${randomBytes(6).toString('hex').toUpperCase()}`;
  await seed(db, workspaceId);
  await db.sql(COPY_WORKSPACE);
  // Time passes by moving what was done: runs to days that have no part of their table any more.
  await db.sql('CREATE TABLE run_record_before PARTITION OF run_record DEFAULT');
  // Jobs are looked for by whom they are about.
  await db.sql('CREATE INDEX ON graphile_worker._private_jobs (key text_pattern_ops)');
  const [row] = await db.sql<{ at: Date }>('SELECT now() AS at');
  return { workspaceId, at: row?.at ?? new Date() };
}

/** Every row with ids of its own, and as long ago as it was in the mould. */
const COPY_WORKSPACE = `CREATE FUNCTION copy_workspace(mould text, copy text, later interval) RETURNS void LANGUAGE plpgsql AS $$
  DECLARE name text; own text; columns text;
  BEGIN
    FOREACH name IN ARRAY ARRAY['workspace', 'person', 'environment', 'workflow', 'version', 'promotion', 'deployment', 'deployment_stretch'] LOOP
      own := CASE name WHEN 'workspace' THEN 'id' ELSE 'workspace_id' END;
      SELECT string_agg(CASE WHEN attname = own THEN '$2' WHEN atttypid = 'uuid'::regtype THEN format('md5(%I::text || $2)::uuid', attname)
        WHEN atttypid = 'timestamptz'::regtype THEN format('%I + $3', attname) ELSE quote_ident(attname) END, ', ' ORDER BY attnum)
        INTO columns FROM pg_attribute WHERE attrelid = name::regclass AND attnum > 0 AND NOT attisdropped;
      EXECUTE format('INSERT INTO %I SELECT %s FROM %I WHERE %I = $1', name, columns, name, own) USING mould, copy, later;
    END LOOP;
  END $$`;

/** A copy of the mould whose environments ask for this. */
export async function startCanal(
  db: TestPersistence,
  mould: Mould,
  asked: Record<'staging' | 'production', Asked>,
  count: RealCanal['count'],
): Promise<{ model: CanalModel; real: RealCanal }> {
  const workspaceId = `T${randomBytes(6).toString('hex').toUpperCase()}`;
  const model = new CanalModel(PEOPLE, OWNER, asked);
  for (const [i, author] of AUTHORS.entries()) model.authors.set(i + 1, author);
  for (const [group, members] of Object.entries(GROUPS))
    model.groups.set(group, { members: new Set(members), isSilent: false });
  await db.sql('SELECT copy_workspace($1, $2, now() - $3)', [mould.workspaceId, workspaceId, mould.at]);
  const asks = Object.fromEntries(
    environmentsOf((name) => model.asked(name)).map(({ name, policy }) => [name, policy]),
  );
  await db.sql('UPDATE environment SET policy = $2::jsonb -> name WHERE workspace_id = $1', [
    workspaceId,
    JSON.stringify(asks),
  ]);
  model.seen = await look(db, workspaceId);
  for (const { environment, version, status } of model.seen.deployments) {
    const to = status === 'active' ? null : 0;
    model.stretches.push({ environment, version, from: 0, to });
  }
  for (const { id, version, from, to, by } of model.seen.promotions) {
    const ended = { status: 'deployed', canary: false, deployAt: null, expiresAt: 0, mayWait: false, isHeld: false };
    const nothing = { yes: [], noes: [], ticks: new Set<string>(), gates: [], parity: null };
    model.promotions.set(id, { ...{ id, version, from, to, by, ...ended }, ...nothing });
  }
  const opened = () => withDirectory(db.ports, { membersOf: async (group) => membersOf(model, group) });
  let ports = opened();
  const real: RealCanal = {
    ...{ db, count, canal: canalOf(ports, workspaceId), ...workerOf(db, workspaceId) },
    forgetGroups() {
      ports = opened();
      real.canal = canalOf(ports, workspaceId);
    },
    async configure(now) {
      const environments = environmentsOf((name) => now.asked(name));
      const more = { settings: settingsOf(now), hash: randomBytes(32).toString('hex') };
      const configuration = { ...defaultConfiguration(), environments, ...more };
      const workspace = { id: workspaceId, name: 'Canal', botUserId: 'U0BOT' };
      await makeApplyConfiguration(ports)({ workspace, configuration, admins: [] });
    },
  };
  return { model, real };
}

function membersOf({ groups }: CanalModel, group: string): string[] {
  const known = groups.get(group);
  if (known === undefined || known.isSilent) throw new Error('Slack is away.');
  return [...known.members];
}

function settingsOf({ greetings }: CanalModel): Map<string, GivenSettings> {
  const given = (GREETING: string) => ({ own: { variables: { GREETING } }, workflows: new Map() });
  return new Map([...greetings].map(([environment, greeting]) => [environment, given(greeting)]));
}

/** By the tables' own way in: what leads here is tested elsewhere, and takes most of the time. */
async function seed({ ports }: TestPersistence, workspaceId: string): Promise<void> {
  await ports.inTransaction(workspaceId, async (tx) => {
    await tx.workspace.ensure(
      { name: 'Canal', botUserId: 'U0BOT' },
      environmentsOf(() => ({ approvals: [] })),
    );
    await tx.workspace.saveSettings({ defaultRole: 'member', departments: [] });
    await tx.people.saveProfiles(Object.keys(PEOPLE).map((userId) => profile(userId)));
    for (const [userId, role] of Object.entries(PEOPLE)) await tx.people.assign(userId, { role, departments: [] });
    const more = { department: null, format: 'towpath', createdBy: 'U0DEV' };
    const workflow = await tx.workflows.create({ slug: FLOW, ownerId: OWNER, ...more });
    const pipeline = await tx.environments.pipeline();
    for (const [i, author] of AUTHORS.entries()) {
      const number = i + 1;
      const version = await tx.versions.create({
        ...{ workflowId: workflow.id, label: null, note: null, format: 'towpath', author, sourceCommit: null },
        ...{ contentHash: randomBytes(32).toString('hex'), logicHash: randomBytes(32).toString('hex') },
        ...{ source: sourceLike(FIRST_TRAITS[i] ?? { model: '', prompt: '' }, number), fileName: 'flow.yaml' },
      });
      for (const [rank, environment] of pipeline.slice(0, 4 - number).entries()) {
        const before = pipeline[rank - 1];
        const promotion =
          before === undefined
            ? null
            : await tx.promotions.create({
                ...{ workflowId: workflow.id, versionId: version.id, requestedBy: 'U0DEV', reason: null },
                ...{ sourceEnvironmentId: before.id, targetEnvironmentId: environment.id, originChannel: null },
                ...{ expiresAt: new Date(tx.now.getTime() + DAY), canary: null },
              });
        if (promotion !== null)
          await tx.promotions.save({ ...promotion, status: 'deployed', closedAt: tx.now, closedBy: 'U0ADA' });
        await activate(tx, version, environment, promotion?.id ?? null);
      }
    }
  });
}

import { randomBytes } from 'node:crypto';
import type { Actor } from '../../../src/domain/actor.ts';
import type { ApprovalRule, WebhookEndpoint } from '../../../src/domain/environment.ts';
import type { Role } from '../../../src/domain/person.ts';
import { makeUseCases } from '../../../src/use-cases/make-use-cases.ts';
import type { Documents, NewEnvironment, Ports, SlackProfile } from '../../../src/use-cases/ports.ts';
import type { Decision, RequestResult, UseCases } from '../../../src/use-cases/use-cases.ts';
import type * as views from '../../../src/use-cases/views.ts';
import { withDocuments } from '../../../src/use-cases/with-documents.ts';
import { anEnvironment } from '../database/seed.ts';
import { testDocuments } from '../documents/with-test-documents.ts';
import { testSecrets } from '../secrets/test-secrets.ts';

/** Who is there unless a test says otherwise. */
const PEOPLE: Record<string, [Role, string[]?]> = {
  U0DEV: ['member'],
  U0MAX: ['member'],
  U0LEE: ['lead'],
  U0LIV: ['lead'],
  U0ADA: ['admin'],
  U0ABE: ['admin'],
};
const DAY = 86_400_000;

export interface CanalOptions {
  workspaceId?: string;
  /** What each environment after the first asks for; staging a lead and production an admin unless said. */
  staging?: ApprovalRule[];
  production?: ApprovalRule[];
  departments?: string[];
  people?: Record<string, [Role, string[]?]>;
}

/** One endpoint an environment, told of everything. */
function endpointOf(environment: string): WebhookEndpoint {
  return { url: `https://${environment}.example.com/hook`, secretVariable: 'SECRET', events: [], allowPrivate: false };
}

function pipelineOf({ staging, production }: CanalOptions): NewEnvironment[] {
  const policy = (approvals: ApprovalRule[]) => ({
    approvals,
    expireAfter: 7 * DAY,
    rollback: { role: 'member' as const },
  });
  const more = (name: string, alias: string, approvals: ApprovalRule[]) => ({
    ...{
      aliases: [alias],
      channel: `C0${alias.toUpperCase()}`,
      policy: policy(approvals),
      webhooks: [endpointOf(name)],
    },
  });
  return [
    anEnvironment('development', 0, more('development', 'dev', [])),
    anEnvironment('staging', 1, more('staging', 'stg', staging ?? [{ role: 'lead', count: 1 }])),
    anEnvironment('production', 2, more('production', 'prod', production ?? [{ role: 'admin', count: 1 }])),
  ];
}

/** A small workflow; `prompt` makes one version differ from another. */
export function sourceOf(prompt: string): string {
  const step = `{ id: answer, type: llm, label: Answer, model: claude-sonnet, systemPrompt: ${JSON.stringify(prompt)} }`;
  return `apiVersion: towpath/v1\nname: summarize-flow\nsteps:\n  - ${step}\n`;
}

/** A workspace with people, a pipeline and short ways to act in it. */
export interface Canal {
  workspaceId: string;
  ports: Ports;
  useCases: UseCases;
  as(userId: string): Actor;
  /** Pushes a version whose prompt is this. */
  push(prompt: string, workflow?: string, by?: string): Promise<views.VersionTag>;
  deploy(version?: string, workflow?: string, by?: string): Promise<views.DeploymentReceiptView>;
  ask(environment: string, by?: string, workflow?: string): Promise<RequestResult>;
  /** Asks, and gives the new promotion's id. Fails where nothing opened. */
  open(environment: string, by?: string, workflow?: string): Promise<string>;
  approve(by: string, promotionId: string, reviewed?: string): Promise<Decision>;
  reject(by: string, promotionId: string, reason?: string): Promise<Decision>;
  rollBack(
    environment: string,
    more?: { by?: string; to?: string; reason?: string; workflow?: string },
  ): Promise<views.RollbackReceiptView>;
  show(promotionId: string): Promise<views.PromotionView>;
  /** The number of the version that is live, or null. */
  live(environment: string, workflow?: string): Promise<number | null>;
  /** Pushes and takes versions with these prompts as far as the environment, one after the other. */
  reach(environment: 'development' | 'staging' | 'production', ...prompts: string[]): Promise<void>;
}

export const FLOW = 'summarize-flow';

export async function openCanal(ports: Ports, options: CanalOptions = {}): Promise<Canal> {
  const workspaceId = options.workspaceId ?? `T${randomBytes(6).toString('hex').toUpperCase()}`;
  await settle(ports, workspaceId, options);
  return canalOf(ports, workspaceId);
}

async function settle(ports: Ports, workspaceId: string, options: CanalOptions): Promise<void> {
  const people = { ...PEOPLE, ...options.people };
  await ports.inTransaction(workspaceId, async (tx) => {
    await tx.workspace.ensure({ name: 'Canal', botUserId: 'U0BOT' }, pipelineOf(options));
    await tx.workspace.saveSettings({ defaultRole: 'member', departments: options.departments ?? [] });
    await tx.people.saveProfiles(Object.keys(people).map((userId) => profile(userId)));
    for (const [userId, [role, departments = []]] of Object.entries(people))
      await tx.people.assign(userId, { role, departments });
  });
}

export function profile(userId: string, but: Partial<SlackProfile> = {}): SlackProfile {
  return { userId, name: userId.slice(2).toLowerCase(), standing: 'member', slackAdmin: false, ...but };
}

/** The same short ways on other ports: to watch, delay or break what the use cases reach. */
export function canalOf(ports: Ports, workspaceId: string, documents: Documents = testDocuments): Canal {
  const useCases = makeUseCases(withDocuments(ports, documents), testSecrets);
  const as = (userId: string): Actor => ({ workspaceId, userId, via: 'slack' });
  const ask: Canal['ask'] = (environment, by = 'U0DEV', workflow = FLOW) =>
    useCases.requestPromotion({
      actor: as(by),
      workflow,
      environment,
      reason: 'faster answers',
      originChannel: 'C0TYPED',
    });
  const canal: Canal = {
    workspaceId,
    ports,
    useCases,
    as,
    push: async (prompt, workflow = FLOW, by = 'U0DEV') =>
      (await useCases.pushVersion({ actor: as(by), workflow, source: sourceOf(prompt) })).version,
    deploy: (version, workflow = FLOW, by = 'U0DEV') =>
      useCases.deployVersion({
        actor: as(by),
        workflow,
        originChannel: 'C0TYPED',
        ...(version === undefined ? {} : { version }),
      }),
    ask,
    async open(environment, by, workflow) {
      const result = await ask(environment, by, workflow);
      if (result.kind !== 'opened') throw new Error(`Nothing was opened, but ${result.kind}.`);
      return result.promotion.id;
    },
    approve: (by, promotionId, reviewed) =>
      useCases.approvePromotion({
        actor: as(by),
        choice: { promotionId },
        ...(reviewed === undefined ? {} : { reviewed }),
      }),
    reject: (by, promotionId, reason = 'not yet') =>
      useCases.rejectPromotion({ actor: as(by), choice: { promotionId }, reason }),
    async rollBack(environment, { by = 'U0DEV', workflow = FLOW, ...more } = {}) {
      const request = { actor: as(by), workflow, environment, originChannel: 'C0TYPED', ...more };
      const result = await useCases.rollBack(request);
      if (result.kind !== 'rolled-back') throw new Error('Nothing was rolled back: a canary was aborted.');
      return result.receipt;
    },
    show: (promotionId) => useCases.showPromotion({ workspaceId, promotionId }),
    async live(environment, workflow = FLOW) {
      const { items } = await useCases.showStatus({ actor: as('U0DEV'), workflow });
      return items[0]?.environments.find((e) => e.environment.name === environment)?.live?.version.number ?? null;
    },
    async reach(environment, ...prompts) {
      for (const prompt of prompts) {
        await canal.push(prompt);
        await canal.deploy();
        if (environment === 'development') continue;
        await canal.approve('U0LEE', await canal.open('staging'));
        if (environment === 'production') await canal.approve('U0ADA', await canal.open('production'));
      }
    },
  };
  return canal;
}

import { afterAll, beforeAll, beforeEach } from 'vitest';
import { parseTowpathYaml } from '../../../src/domain/configuration/parse-towpath-yaml.ts';
import { makeApplyConfiguration } from '../../../src/use-cases/apply-configuration.ts';
import { makeUseCases } from '../../../src/use-cases/make-use-cases.ts';
import type { UseCases } from '../../../src/use-cases/use-cases.ts';
import { openTestPersistence, type TestPersistence } from '../database/open-test-persistence.ts';
import { withTestDocuments } from '../documents/with-test-documents.ts';
import { testSecrets } from '../secrets/test-secrets.ts';

/** A pipeline whose staging has these settings, and these for single workflows. */
export const file = (
  settings: string,
  workflows = '{}',
  development = 'variables: { MODEL: claude-haiku }',
) => `environments:
  - { name: development, settings: { ${development} } }
  - { name: staging, approvals: [{ role: lead }], channel: C0STAGING, settings: { ${settings} }, workflows: ${workflows} }
people: { U0LEE: lead }
`;
export const flow = (model: string, more = '') => `apiVersion: towpath/v1
name: flow
steps:
  - { id: answer, type: llm, model: "${model}", task: Answer${more} }
`;

/** What was thrown, or null. */
export const refusalOf = (act: Promise<unknown>): Promise<unknown> =>
  act.then(
    () => null,
    (error: unknown) => error,
  );

/** One database, a workspace of its own for each test, and short ways to start there with a file and to act afterwards. */
export function withStarts() {
  let database: TestPersistence;
  let useCases: UseCases;
  let workspace: { id: string; name: string; botUserId: string };
  let workspaces = 0;
  beforeAll(async () => {
    database = await openTestPersistence();
    useCases = makeUseCases(withTestDocuments(database.ports), testSecrets);
  });
  beforeEach(() => {
    workspaces += 1;
    workspace = { id: `T0SET${workspaces}`, name: 'Canal', botUserId: 'U0BOT' };
  });
  afterAll(() => database.end());

  const actor = (userId: string) => ({ workspaceId: workspace.id, userId, via: 'slack' as const });
  const read = <T>(look: Parameters<typeof database.ports.reading<T>>[1]) => database.ports.reading(workspace.id, look);
  const staging = () => read(async (tx) => (await tx.environments.pipeline())[1]?.id ?? '');
  const push = (source: string, workflow = 'flow') => useCases.pushVersion({ actor: actor('U0DEV'), source, workflow });
  const deploy = (workflow = 'flow') => useCases.deployVersion({ actor: actor('U0DEV'), workflow });
  const ask = (workflow = 'flow') =>
    useCases.requestPromotion({ actor: actor('U0DEV'), workflow, environment: 'staging' });
  return {
    here: () => ({ database, useCases, workspace }),
    ...{ actor, read, staging, push, deploy, ask },
    /** A start with this file; gives what differed. */
    async apply(text: string, force = false): Promise<string[]> {
      const configuration = parseTowpathYaml(text, { fileName: 'towpath.yaml' });
      const start = makeApplyConfiguration(withTestDocuments(database.ports));
      return (await start({ workspace, configuration, admins: [], force })).subjects;
    },
    /** What staging gives every workflow, or this one. */
    async layer(slug: string | null = null) {
      const environmentId = await staging();
      return read(async (tx) => {
        const workflowId = slug === null ? null : ((await tx.workflows.find(slug))?.id ?? null);
        return tx.settings.layer(environmentId, workflowId);
      });
    },
    /** What the audit tells of changed settings, oldest first. */
    changes: async () =>
      (await useCases.listAudit({ workspaceId: workspace.id, action: 'settings.changed', limit: 100 })).items
        .filter(({ subject }) => subject.startsWith('settings:'))
        .reverse(),
    approve: (promotionId: string) => useCases.approvePromotion({ actor: actor('U0LEE'), choice: { promotionId } }),
    show: (promotionId: string) => useCases.showPromotion({ workspaceId: workspace.id, promotionId }),
    /** A promotion of what this source says to staging. */
    async underReview(source: string): Promise<string> {
      await push(source);
      await deploy();
      const asked = await ask();
      if (asked.kind !== 'opened') throw new Error(`Not opened but ${asked.kind}.`);
      return asked.promotion.id;
    },
  };
}

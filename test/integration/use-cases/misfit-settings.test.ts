import { beforeEach, describe, expect, it } from 'vitest';
import { parseTowpathYaml } from '../../../src/domain/configuration/parse-towpath-yaml.ts';
import type { VariableValue } from '../../../src/domain/settings/settings.ts';
import { makeApplyConfiguration } from '../../../src/use-cases/apply-configuration.ts';
import { expectRefused, refusalFrom } from '../../support/refusals.ts';
import { type Canal, FLOW } from '../../support/use-cases/open-canal.ts';
import { withCanal } from '../../support/use-cases/with-canal.ts';

let canal: Canal;
withCanal((fresh) => {
  ({ canal } = fresh);
});

const push = (steps: string) =>
  canal.useCases.pushVersion({
    ...{ actor: canal.as('U0DEV'), workflow: FLOW },
    source: `apiVersion: towpath/v1\nname: ${FLOW}\nsteps:\n${steps}`,
  });
const STEP =
  '  - { id: answer, type: llm, model: claude-haiku, task: Answer, timeout: "${T:30s}", maxTokens: "${N:5}" }\n';
const give = (variables: Record<string, VariableValue>, workflow?: string) =>
  canal.useCases.proposeSettings({
    ...{ actor: canal.as('U0ADA'), environment: 'dev', settings: { variables } },
    ...(workflow === undefined ? {} : { workflow }),
  });
const TIMEOUT =
  /v1 of summarize-flow is live (in development|there).*steps\[0\]\.timeout must be a duration.*Correct the variable/;

describe('a value that a version can’t have where it stands', () => {
  beforeEach(async () => {
    await push(STEP);
  });

  it('is refused where the version is live, naming the place and what belongs there', async () => {
    await canal.deploy();
    const refusal = await refusalFrom(give({ T: 'soon' }));
    expectRefused(refusal, 'does_not_fill');
    expect(refusal.userMessage).toMatch(TIMEOUT);
    expectRefused(await refusalFrom(give({ T: 'soon' }, FLOW)), 'does_not_fill');
    expect(await give({ T: '1m', N: 7 })).toMatchObject({ kind: 'applied' });
    expectRefused(await refusalFrom(give({ T: '1m', N: -7 })), 'does_not_fill');
    expectRefused(await refusalFrom(give({ T: '1m', N: 'many' })), 'does_not_fill');
    expect(await give({ T: '2m', N: 8, OTHER: 'soon' })).toMatchObject({ kind: 'applied' });
  });

  it('is refused where a flag is none any more by a letter, or a secret takes its place', async () => {
    await push('  - { id: answer, type: llm, model: "${LOUD:big:small}", task: Answer, timeout: "${T:30s}" }\n');
    await give({ LOUD: 'on', T: '30s' });
    await canal.deploy();
    expectRefused(await refusalFrom(give({ LOUD: 'ON', T: '30s' })), 'does_not_fill');
    const hiding = canal.useCases.proposeSettings({
      ...{ actor: canal.as('U0ADA'), environment: 'dev', workflow: FLOW },
      settings: { secrets: { LOUD: { env: 'STAGING_OPENAI_KEY' } } },
    });
    expectRefused(await refusalFrom(hiding), 'does_not_fill');
    expect(await give({ LOUD: 'off', T: '30s' })).toMatchObject({ kind: 'applied' });
  });

  it('keeps it from going live, as a missing one does', async () => {
    await give({ T: 'soon' });
    const refusal = await refusalFrom(canal.deploy());
    expectRefused(refusal, 'does_not_fill');
    expect(refusal.userMessage).toMatch(
      /v1 of summarize-flow can't go to development yet: steps\[0\]\.timeout must be/,
    );
    expect(refusal).toMatchObject({ problems: [{ kind: 'invalid', paths: ['steps[0].timeout'] }] });
  });

  it('stops a start whose file brings it', async () => {
    await canal.deploy();
    const start = (value: string) =>
      makeApplyConfiguration(canal.ports)({
        workspace: { id: canal.workspaceId, name: 'Canal', botUserId: 'U0BOT' },
        configuration: parseTowpathYaml(
          `environments: [{ name: development, settings: { variables: { T: ${value} } } }, { name: staging }, { name: production }]`,
          { fileName: 'towpath.yaml' },
        ),
        admins: [],
      });
    await expect(start('soon')).rejects.toThrow(TIMEOUT);
    expect((await start('45s')).subjects).toContain('settings:development');
  });

  it('changes nothing for who has it already, and may be corrected', async () => {
    await give({ T: '30s' });
    await canal.deploy();
    const { ports, workspaceId } = canal;
    // From before anybody looked.
    await ports.inTransaction(workspaceId, async (tx) => {
      const [development] = await tx.environments.pipelineHeld();
      const layer = { environmentId: development?.id ?? '', workflowId: null, settings: { variables: { T: 'soon' } } };
      await tx.settings.save({ ...layer, changedBy: 'file', via: 'file', reason: null });
    });
    expect(await give({ T: 'later' })).toMatchObject({ kind: 'applied' });
    expect(await give({ T: '10s' })).toMatchObject({ kind: 'applied' });
    expectRefused(await refusalFrom(give({ T: 'soon' })), 'does_not_fill');
  });
});

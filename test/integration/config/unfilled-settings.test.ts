import { describe, expect, it } from 'vitest';
import { InvalidConfigurationError } from '../../../src/domain/configuration/invalid-configuration-error.ts';
import { Refusal } from '../../../src/domain/refusal.ts';
import { file, flow, refusalOf, withStarts } from '../../support/use-cases/with-starts.ts';

const { actor, apply, approve, ask, deploy, here, layer, push, show, underReview } = withStarts();

describe('what an environment does not fill', () => {
  it('is refused by name and place, with what to write where', async () => {
    await apply(file('variables: { OTHER: a }', '{}', 'variables: { MODEL: a, SIZE: 2 }'));
    await push(flow('${MODEL}', ', modelParameters: { maxTokens: "${SIZE}" }'));
    await deploy();
    const refused = await refusalOf(ask());
    expect(refused).toBeInstanceOf(Refusal);
    expect(refused).toMatchObject({ code: 'does_not_fill' });
    const { userMessage } = refused as Refusal;
    for (const part of ['v1 of flow', 'staging', 'MODEL (steps[0].model)', 'SIZE', 'settings: { variables: { MODEL:'])
      expect(userMessage).toContain(part);
  });

  it('is refused in the first environment, too, and where nothing was ever given', async () => {
    await apply('environments: [{ name: development }, { name: staging }]');
    await push(flow('${MODEL}'));
    expect(await refusalOf(deploy())).toMatchObject({ code: 'does_not_fill' });
    await push(flow('${MODEL:claude-haiku}'));
    expect((await deploy()).version.number).toBe(2);
  });

  it('names the masked values that have no secret where the version is promoted to, and goes once they have', async () => {
    await apply(file('secrets: { CRM_KEY: { env: STAGING_CRM_KEY } }', '{}', 'runner: edge'));
    const source = `apiVersion: towpath/v1\nname: flow\nsteps:\n  - { id: call, type: llm, model: claude-haiku, task: "Authorization: Bearer sk-live-4f9aK2mQ7xZ1bV8nR3tY6wE0" }\n`;
    await push(source);
    expect((await deploy()).version.number).toBe(1);
    const refused = await refusalOf(ask());
    expect(refused).toMatchObject({ code: 'does_not_fill', userMessage: expect.stringContaining('steps[0].task') });
    expect((refused as Refusal).userMessage).toContain('workflows: { flow: { masked:');
    expect((refused as Refusal).userMessage).not.toMatch(/sk-live|masked~/);
    const bound = '{ flow: { masked: { "steps[0].task": CRM_KEY } } }';
    await apply(file('secrets: { CRM_KEY: { env: STAGING_CRM_KEY } }', bound, 'runner: edge'));
    expect(await ask()).toMatchObject({ kind: 'opened' });
  });

  it('stops the start where it is live, naming workflow, environment and names, and nothing is changed', async () => {
    await apply(file('variables: { MODEL: a, SIZE: 2 }'));
    await approve(await underReview(flow('${MODEL}')));
    const refused = await refusalOf(apply(file('variables: { SIZE: 2 }')));
    expect(refused).toBeInstanceOf(InvalidConfigurationError);
    expect((refused as InvalidConfigurationError).problems).toEqual([
      {
        where: 'environment staging',
        message: expect.stringMatching(/v1 of flow is live there.*there is no value for MODEL/),
      },
    ]);
    expect((await layer())?.settings).toEqual({ variables: { MODEL: 'a', SIZE: 2 } });
    expect(await apply(file('variables: { MODEL: b }'))).toEqual(['settings:staging']);
    expect(await apply(file('', '{ flow: { variables: { MODEL: c } } }'))).toEqual([
      'settings:staging',
      'settings:staging/flow',
    ]);
  });

  it('never keeps a rollback back', async () => {
    await apply(file('variables: { MODEL: a }'));
    await approve(await underReview(flow('${MODEL}')));
    await approve(await underReview(flow('claude-opus')));
    await apply(file('runner: edge'));
    const result = await here().useCases.rollBack({ actor: actor('U0DEV'), workflow: 'flow', environment: 'staging' });
    expect(result).toMatchObject({
      receipt: { restored: { number: 1 }, lacks: expect.stringContaining('no value for MODEL') },
    });
    // What lacks a name already may go on lacking it: the start is not about that.
    expect(await apply(file('runner: core'))).toEqual(['settings:staging']);
  });
});

describe('what changes in effect', () => {
  it('stands on the card where it is not what the versions themselves say', async () => {
    await apply(file('variables: { MODEL: claude-opus }'));
    await approve(await underReview(flow('claude-opus')));
    const id = await underReview(flow('${MODEL}', ', systemPrompt: Be brief'));
    const { diff, inEffect } = await show(id);
    expect(diff.lines.join('\n')).toMatch(/MODEL/);
    expect(inEffect?.lines.join('\n')).toMatch(/[Ss]ystem prompt/);
    expect(inEffect?.lines.join('\n')).not.toMatch(/[Mm]odel/);
  });

  it('is left out where both say the same', async () => {
    await apply(file('variables: { MODEL: claude-opus }'));
    await approve(await underReview(flow('claude-opus')));
    expect((await show(await underReview(flow('claude-haiku')))).inEffect).toBeNull();
  });
});

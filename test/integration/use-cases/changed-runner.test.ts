import { beforeEach, describe, expect, it } from 'vitest';
import type { Settings } from '../../../src/domain/settings/settings.ts';
import { expectRefused, refusalFrom } from '../../support/refusals.ts';
import { type Canal, FLOW } from '../../support/use-cases/open-canal.ts';
import { proposed, settingsActs } from '../../support/use-cases/settings-acts.ts';
import { withCanal } from '../../support/use-cases/with-canal.ts';

let canal: Canal;
withCanal((fresh) => {
  ({ canal } = fresh);
});
const { propose, approve, layer } = settingsActs(() => canal);

const http = (url: string): Settings => ({ runner: { kind: 'http', url, secret: 'RUNNER_TOKEN', shadowSafe: false } });
const elsewhere = 'What is run now goes to https://elsewhere.example, with the secret ‘RUNNER_TOKEN’';

describe('a change of what runs a workflow, which names an environment’s secret', () => {
  beforeEach(async () => {
    await canal.reach('staging', 'one');
    const secrets = { secrets: { RUNNER_TOKEN: { env: 'STAGING_RUNNER_TOKEN' } } };
    const own = { ...secrets, ...http('https://runner.example/run') };
    await approve('U0LEE', proposed(await propose('staging', own)).id);
  });

  it('waits for whom the environment asks, also for one workflow alone, and says who would be given the secret', async () => {
    const wished = await propose('staging', http('https://elsewhere.example/run'), { by: 'U0LIV', workflow: FLOW });
    expect(proposed(wished).sentences).toContain(elsewhere);
    expect((await layer('staging', FLOW)).settings).toEqual({});
    expectRefused(await refusalFrom(approve('U0LIV', proposed(wished).id)), 'own_request');
    expectRefused(await refusalFrom(approve('U0MAX', proposed(wished).id)), 'not_permitted');
    await approve('U0LEE', proposed(wished).id);
    expect((await layer('staging', FLOW)).settings).toMatchObject(http('https://elsewhere.example/run'));
  });

  it('is nobody’s who may only push', async () => {
    const wish = propose('staging', http('https://elsewhere.example/run'), { by: 'U0MAX', workflow: FLOW });
    expectRefused(await refusalFrom(wish), 'not_permitted');
  });
});

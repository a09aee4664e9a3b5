import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../../../src/adapters/cli/run-cli.ts';
import { type FlowServer, flowSource, inSlack, startFlowServer } from '../../support/http/start-flow-server.ts';
import { TOKEN } from '../../support/http/start-test-server.ts';

let server: FlowServer;
let name: string;
beforeAll(async () => {
  server = await startFlowServer();
});
afterAll(() => server.stop());
beforeEach(async () => {
  name = await server.nextFlow();
});

type Meanwhile = () => Promise<unknown>;

/** The program with somebody at the terminal who answers every question so. `meanwhile`: what happens before they do. */
async function answering(answer: string | null, args: string[], meanwhile: Meanwhile = async () => {}) {
  const [out, err, questions]: string[][] = [[], [], []];
  let clock = 0;
  const code = await runCli({
    arguments: args,
    env: { TOWPATH_API_TOKEN: TOKEN, TOWPATH_SERVER: server.url },
    print: (text) => out?.push(text),
    complain: (text) => err?.push(text),
    ask: async (question) => {
      questions?.push(question);
      await meanwhile();
      return answer;
    },
    pause: async (ms) => {
      clock += ms;
    },
    now: () => clock,
  });
  return { code, out: (out ?? []).join(''), err: (err ?? []).join(''), questions: questions ?? [], waited: clock };
}

const live = async (environment: string): Promise<number> =>
  (await server.call('GET', `/api/v1/workflows/${name}/environments/${environment}`)).json.version.number;
const openPromotions = async (): Promise<{ id: string; version: { number: number } }[]> =>
  (await server.call('GET', `/api/v1/promotions?workflow=${name}&status=open`)).json.items;
const promote = (...more: string[]) => ['promote', name, 'staging', '--on-behalf-of', 'U0DEV', ...more];
const deployAnother = async (model: string) => {
  await server.useCases.pushVersion({ actor: inSlack('U0DEV'), source: flowSource(name, model) });
  await server.useCases.deployVersion({ actor: inSlack('U0DEV'), workflow: name });
};

describe('promote, on a terminal', () => {
  it('shows what would change, what is needed and who can give it, and asks for it after a yes', async () => {
    const { code, out, err, questions } = await answering('y', promote());
    expect(questions).toEqual(['Ask for this promotion? [y/N] ']);
    expect(err).toBe(`v3 of ${name}, from development to staging. It would replace v2.
  Risk: high, model swapped (‘Summarise’)
  Model of ‘Summarise’ changed from ‘claude-sonnet’ to ‘claude-opus’
It needs:
  [ ] Approval by 1 lead
  @U0ADA and @U0LEE can approve, in Slack.
`);
    expect([code, out.split('\n')[0]]).toEqual([0, `Asked to promote v3 of ${name} from development to staging.`]);
    expect(await openPromotions()).toHaveLength(1);
  });

  it.each(['n', '', 'yesterday', null])('asks nobody after the answer %j, and ends with 1', async (answer) => {
    const { code, out } = await answering(answer, promote());
    expect([code, out]).toEqual([1, 'Nothing was asked for.\n']);
    expect(await openPromotions()).toEqual([]);
  });

  it('asks for nothing where another version is live by the time of the yes than the one that was shown', async () => {
    const { code, err } = await answering('yes', promote(), () => deployAnother('claude-next'));
    expect([code, err]).toEqual([1, expect.stringContaining('v4 is live in development now, not v3')]);
    expect(err).toContain(`\`towpath promote ${name} staging\``);
    expect(await openPromotions()).toEqual([]);
  });

  it('says what would give way, and lets that very request give way', async () => {
    await answering('y', promote());
    await deployAnother('claude-next');
    const { code, err } = await answering('y', promote());
    expect(err).toContain('v3 is under review there, asked for by @U0DEV. It would give way.');
    expect([code, await openPromotions()]).toMatchObject([0, [{ version: { number: 4 } }]]);
  });

  it('does not ask about what is under review already, since asking again changes nothing', async () => {
    await answering('y', promote());
    const { code, out, questions } = await answering('n', promote());
    expect([code, questions]).toEqual([0, []]);
    expect(out).toContain(`The promotion of v3 of ${name} to staging is under review, asked for by @U0DEV.`);
  });

  it('tells before it asks what bars the promotion', async () => {
    const { code, err, questions } = await answering('y', ['promote', name, 'dev', '--on-behalf-of', 'U0DEV']);
    expect([code, questions]).toEqual([1, []]);
    expect(err).toContain(`Use \`towpath deploy ${name}\``);
  });

  it('keeps questions out of the one document that --json prints', async () => {
    const { out } = await answering('y', promote('--json'));
    expect(JSON.parse(out)).toMatchObject({ outcome: 'opened', promotion: { status: 'open' } });
    expect(JSON.parse((await answering('n', ['rollback', name, 'staging', '--json'])).out)).toEqual({
      outcome: 'declined',
    });
  });
});

describe('promote --yes', () => {
  it('puts nothing in the place of what is under review, unless --replace says so', async () => {
    await answering(null, promote('--yes'));
    await deployAnother('claude-next');
    const refused = await answering(null, promote('--yes'));
    expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('v3 is under review for staging')]);
    expect(refused.err).toContain('Add --replace');
    const replaced = await answering(null, promote('--yes', '--replace'));
    expect([replaced.code, replaced.questions]).toEqual([0, []]);
    expect(await openPromotions()).toMatchObject([{ version: { number: 4 } }]);
  });
});

describe('promote --wait', () => {
  it('gives up once --timeout has passed, says what is missing, and ends with 6', async () => {
    const { code, out, waited } = await answering('y', promote('--wait', '--timeout', '90s'));
    expect([code, waited]).toEqual([6, 90_000]);
    expect(out).toContain('The request stands: run this again to wait on.');
    expect(out).toContain('[ ] Approval by 1 lead');
  });

  it('does not wait where nothing is missing', async () => {
    await server.useCases.requestPromotion({ actor: inSlack('U0DEV'), workflow: name, environment: 'staging' });
    await server.useCases.approvePromotion({ actor: inSlack('U0LEE'), choice: { workflow: name } });
    const { code, err } = await answering('y', promote('--wait'));
    expect([code, err]).toEqual([1, expect.stringContaining('is live in staging already')]);
  });
});

describe('rollback, on a terminal', () => {
  it('shows what would go and come back, and does just that after a yes', async () => {
    const { code, out, err, questions } = await answering('yes', ['rollback', name, 'stg', '--on-behalf-of', 'U0LEE']);
    expect(questions).toEqual(['Roll back? [y/N] ']);
    expect(err).toContain(`${name} in staging: v2 would go, v1 would come back.`);
    expect(err).toContain('Model of ‘Summarise’ changed from ‘claude-sonnet’ to ‘claude-haiku’');
    expect([code, out]).toEqual([0, expect.stringContaining(`v1 of ${name} is live in staging again.`)]);
    expect(out).toContain('@U0LEE can undo it in Slack until ');
    expect(await live('staging')).toBe(1);
  });

  it('leaves everything as it is after a no', async () => {
    const { code, out } = await answering('n', ['rollback', name, 'staging']);
    expect([code, out, await live('staging')]).toEqual([1, 'Nothing was rolled back.\n', 2]);
  });

  it('does nothing where another version is live by the time of the yes than the one that was shown', async () => {
    const meanwhile = async () => {
      await server.useCases.requestPromotion({ actor: inSlack('U0DEV'), workflow: name, environment: 'staging' });
      await server.useCases.approvePromotion({ actor: inSlack('U0LEE'), choice: { workflow: name } });
    };
    const { code, err } = await answering('y', ['rollback', name, 'staging'], meanwhile);
    expect([code, err]).toEqual([1, expect.stringContaining('That deployment is no longer live')]);
    expect(await live('staging')).toBe(3);
  });
});
